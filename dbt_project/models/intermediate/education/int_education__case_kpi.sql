-- Order ends as cases of the Youth Justice Board's indicators 2 and 3: one for a child and quarter, the others with the
-- reason that keeps them out. Indicator 2 asks for the practitioner's judgement alone; full time is told beside it.
with

eet as (

    select *
    from {{ ref('int_education__eet_at_order_end') }}
    where kpi_reason_code <> 'BEFORE_KPI'

),

judged as (

    select
        figures.indicator_id,
        figures.variant_code,
        eet.order_key,
        eet.order_end_date,
        eet.person_key,
        eet.geography_key,
        case
            when figures.indicator_id = 'kpi3_formal_send_plan' then eet.send_code = 'EHC_PLAN'
            when figures.variant_code = 'AT_START' then eet.start_is_every_placement_suitable
            when figures.variant_code = 'FULL_TIME_OFFERED'
                then {{ is_full_time('eet.hours_offered', 'eet.is_school_age') }} and eet.is_every_placement_suitable
            when figures.variant_code = 'FULL_TIME_ATTENDED'
                then {{ is_full_time('eet.hours_attended', 'eet.is_school_age') }} and eet.is_every_placement_suitable
            else eet.is_every_placement_suitable
        end as is_met,
        case
            when not eet.is_kpi_cohort then eet.kpi_reason_code
            when figures.variant_code = 'SCHOOL_AGE' and not eet.is_school_age then 'ABOVE_SCHOOL_AGE'
            when figures.variant_code = 'ABOVE_SCHOOL_AGE' and eet.is_school_age then 'SCHOOL_AGE'
            when figures.indicator_id = 'kpi3_formal_send_plan' and eet.send_code = 'NONE' then 'NO_SEND'
            when figures.indicator_id = 'kpi3_formal_send_plan' and eet.send_code = 'NOT_KNOWN' then 'SEND_NOT_KNOWN'
            else 'IN'
        end as reason_code
    from eet
    cross join (
        values
        ('kpi2_suitable_ete', 'DEFAULT'),
        ('kpi2_suitable_ete', 'SCHOOL_AGE'),
        ('kpi2_suitable_ete', 'ABOVE_SCHOOL_AGE'),
        ('kpi2_suitable_ete', 'FULL_TIME_OFFERED'),
        ('kpi2_suitable_ete', 'FULL_TIME_ATTENDED'),
        ('kpi2_suitable_ete', 'AT_START'),
        ('kpi3_formal_send_plan', 'DEFAULT')
    ) as figures (indicator_id, variant_code)

),

final as (

    select
        indicator_id,
        variant_code,
        'ORDER/' || order_key as case_key,
        order_end_date as case_date,
        person_key,
        geography_key,
        order_key as fact_key,
        order_end_date as fact_date,
        is_met::integer::numeric as numerator,
        1::numeric as denominator,
        reason_code = 'IN' as is_in,
        reason_code
    from judged

)

select * from final
