-- Are children in suitable education, training or work when their order ends?
select
    dim_date.financial_year,
    fct_eet_at_order_end.is_school_age,
    count(*) filter (where fct_eet_at_order_end.is_suitable_eet) as orders_suitable,
    count(*) as orders
from marts.fct_eet_at_order_end
inner join marts.dim_date on fct_eet_at_order_end.order_end_date = dim_date.date_key
where fct_eet_at_order_end.is_counted
group by dim_date.financial_year, fct_eet_at_order_end.is_school_age
order by dim_date.financial_year, fct_eet_at_order_end.is_school_age
