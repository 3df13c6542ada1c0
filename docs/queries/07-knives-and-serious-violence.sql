-- How many offences with a knife, and how many of serious violence, were committed in each quarter?
select
    dim_date.financial_quarter_name,
    count(*) filter (where fct_offence.is_knife_related) as knife_offences,
    count(*) filter (where fct_offence.is_serious_violence) as serious_violence_offences,
    count(distinct fct_offence.person_key) as children
from marts.fct_offence
inner join marts.dim_date on fct_offence.offence_date = dim_date.date_key
where
    fct_offence.person_key > 0
    and fct_offence.age_at_offence between 10 and 17
    and (fct_offence.is_knife_related or fct_offence.is_serious_violence)
group by dim_date.financial_quarter_name
order by dim_date.financial_quarter_name
