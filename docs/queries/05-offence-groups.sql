-- Which offences do children commit, and how many children commit them?
select
    dim_offence.offence_group_name,
    count(*) as offences,
    count(distinct fct_offence.person_key) as children
from marts.fct_offence
inner join marts.dim_offence on fct_offence.offence_type_key = dim_offence.offence_type_key
where fct_offence.person_key > 0 and not fct_offence.is_breach
group by dim_offence.offence_group_name
order by count(*) desc, dim_offence.offence_group_name
