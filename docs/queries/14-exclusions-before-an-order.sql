-- How many children were suspended or excluded from school in the year before an order began?
with

order_start as (

    select
        fct_order.order_key,
        fct_order.order_type_name,
        count(fct_exclusion.person_key) filter (where fct_exclusion.category_code = 'SUSP') as suspensions,
        count(fct_exclusion.person_key) filter (where fct_exclusion.category_code = 'PERM') as exclusions
    from marts.fct_order
    left join marts.fct_exclusion
        on fct_order.person_key = fct_exclusion.person_key
            and fct_order.start_date > fct_exclusion.start_date
            and fct_order.start_date <= fct_exclusion.start_date + interval '1 year'
    where fct_order.person_key > 0
    group by fct_order.order_key, fct_order.order_type_name

)

select
    order_type_name,
    count(*) filter (where suspensions > 0) as after_a_suspension,
    count(*) filter (where exclusions > 0) as after_an_exclusion,
    count(*) as orders
from order_start
group by order_type_name
order by order_type_name
