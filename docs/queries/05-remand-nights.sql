-- How many nights did children spend in youth detention on remand, by quarter?
select
    dim_date.financial_quarter_name,
    count(distinct fct_remand_night.person_key) as children,
    sum(fct_remand_night.nights) as nights
from marts.fct_remand_night
inner join marts.dim_date on fct_remand_night.quarter_start = dim_date.date_key
where fct_remand_night.remand_class_code = 'YDA' and fct_remand_night.is_counted
group by dim_date.financial_quarter_name
order by dim_date.financial_quarter_name
