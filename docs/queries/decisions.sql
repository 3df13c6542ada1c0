-- What each decision of the service changes: the newest complete figure as decided, and with the decision taken another way.
with decision as (
    select distinct indicator_id, decision_code
    from marts.dim_indicator
    where decision_code <> 'NONE'
),

variants as (
    select decision.decision_code, i.*
    from decision
    inner join marts.dim_indicator as i
        on decision.indicator_id = i.indicator_id
        and (i.decision_code = decision.decision_code or i.is_default_variant)
),

newest as (
    select v.decision_code, v.indicator_id, max(p.last_day) as last_day
    from variants as v
    inner join marts.fct_indicator_latest as l
        on v.indicator_id = l.indicator_id and v.variant_code = l.variant_code and l.geography_level = 'SERVICE'
    inner join marts.dim_period as p on l.period_code = p.period_code and p.period_kind <> 'QUARTER'
    where l.is_due and v.is_default_variant and (p.period_kind <> 'YEAR_TO_DATE' or extract(month from p.last_day) = 3)
    group by v.decision_code, v.indicator_id
)

select
    v.decision_code, v.indicator_id, p.period_name, v.variant_code, v.is_default_variant,
    l.numerator, l.denominator, round(l.value, v.decimals) as value
from variants as v
inner join newest as n on v.decision_code = n.decision_code and v.indicator_id = n.indicator_id
inner join marts.fct_indicator_latest as l
    on v.indicator_id = l.indicator_id and v.variant_code = l.variant_code and l.geography_level = 'SERVICE'
inner join marts.dim_period as p on l.period_code = p.period_code and p.last_day = n.last_day and p.period_kind <> 'QUARTER'
order by v.decision_code, v.indicator_id, v.is_default_variant desc, v.variant_code;
