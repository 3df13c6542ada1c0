-- Events dated outside the calendar (dim_date): they are in no fact.
select offence_date as day
from {{ ref('int_justice__offence') }}
where
    offence_date is null
    or offence_date not between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'
union all
select outcome_date as day
from {{ ref('int_justice__outcome') }}
where
    outcome_date is null
    or outcome_date not between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'
union all
select hearing_date as day
from {{ ref('int_justice__hearing') }}
where
    hearing_date not between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'
union all
select referral_date as day
from {{ ref('int_justice__panel_case') }}
where
    least(referral_date, decision_date, issue_date) < date '{{ var("yos:calendar_start") }}'
    or greatest(referral_date, decision_date, issue_date) > date '{{ var("yos:calendar_end") }}'
