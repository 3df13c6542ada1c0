-- Cautions delivered as cases of the figure on days from the panel: one per child, panel and kind of caution.
with

panel_case as (

    select * from {{ ref('int_justice__panel_case') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by person_key, decision_date, outcome_type_key
            order by issue_date, record_id
        ) as case_number
    from panel_case
    where is_caution and issue_date is not null and decision_date is not null and person_key > 0

),

final as (

    select
        'cautions_within_days_of_panel' as indicator_id,
        figures.variant_code,
        'DISPOSAL/' || ranked.disposal_key as case_key,
        ranked.issue_date as case_date,
        ranked.person_key,
        ranked.geography_key,
        ranked.disposal_key as fact_key,
        ranked.issue_date as fact_date,
        case
            when
                figures.variant_code = 'WORKING' and ranked.working_days_to_delivery <= {{ var('yos:panel_days') }}
                then 1
            when figures.variant_code = 'CALENDAR' and ranked.days_to_delivery <= {{ var('yos:panel_days') }} then 1
            else 0
        end::numeric as numerator,
        1::numeric as denominator,
        true as is_in,
        'IN' as reason_code
    from ranked
    cross join (values ('CALENDAR'), ('WORKING')) as figures (variant_code)
    where ranked.case_number = 1

)

select * from final
