-- Are children in suitable education, training or work when their order ends, by order, team, need, care and ethnicity?
with

order_end as (

    select
        dim_date.financial_year,
        fct_order.order_type_name,
        fct_eet_at_order_end.team_code,
        fct_eet_at_order_end.send_code,
        fct_eet_at_order_end.looked_after_code,
        dim_child.ethnicity_group_name,
        fct_eet_at_order_end.is_suitable_eet,
        fct_eet_at_order_end.start_is_suitable_eet,
        fct_eet_at_order_end.is_neet
    from marts.fct_eet_at_order_end
    inner join marts.fct_order on fct_eet_at_order_end.order_key = fct_order.order_key
    inner join marts.dim_child on fct_eet_at_order_end.person_key = dim_child.person_key
    inner join marts.dim_date on fct_eet_at_order_end.order_end_date = dim_date.date_key
    where fct_eet_at_order_end.is_counted

)

select
    order_end.financial_year,
    by_what.kind,
    by_what.category,
    count(*) filter (where order_end.start_is_suitable_eet) as suitable_at_start,
    count(*) filter (where order_end.is_suitable_eet) as suitable_at_end,
    count(*) filter (where order_end.is_neet) as neet,
    count(*) as order_ends,
    round(100.0 * count(*) filter (where order_end.is_suitable_eet) / count(*), 1)::numeric(5, 1) as suitable_pct
from order_end
cross join
    lateral (
        values
        ('order', order_end.order_type_name),
        ('team', order_end.team_code),
        ('special needs', order_end.send_code),
        ('care', order_end.looked_after_code),
        ('ethnicity', order_end.ethnicity_group_name)
    ) as by_what (kind, category)
group by order_end.financial_year, by_what.kind, by_what.category
order by order_end.financial_year, by_what.kind, by_what.category
