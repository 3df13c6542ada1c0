-- Where do children with a running order learn or work today, and who says so?
select
    dim_provision.provision_name,
    fct_eet_spell.source_code,
    count(distinct fct_eet_spell.person_key) as children,
    count(distinct fct_eet_spell.person_key) filter (
        where fct_eet_spell.suitability_code = 'SUITABLE'
    ) as children_judged_suitable
from marts.fct_eet_spell
inner join marts.dim_provision on fct_eet_spell.provision_type_code = dim_provision.provision_type_code
where
    fct_eet_spell.end_date is null
    and exists (
        select fct_order.order_key
        from marts.fct_order
        where fct_order.person_key = fct_eet_spell.person_key and fct_order.is_running
    )
group by dim_provision.provision_name, fct_eet_spell.source_code
order by dim_provision.provision_name, fct_eet_spell.source_code
