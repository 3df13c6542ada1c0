-- Outturn of an authority: one row per authority and year of the Ministry's outturn table for youth justice,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'finance__outturn')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        case
            when {{ read_text('financial_year') }} is null then {{ financial_year('business_date') }}
            else {{ read_financial_year('financial_year') }}
        end as financial_year,
        {{ read_code('e_code') }} as e_code,
        {{ read_code('ons_code') }} as ons_code,
        {{ read_text('la_name') }} as la_name,
        replace({{ read_word('area_class') }}, ' ', '_') as area_class,
        {{ read_thousand('employees_thousand') }} as employees_gbp,
        {{ read_thousand('running_expenses_thousand') }} as running_expenses_gbp,
        {{ read_thousand('total_expenditure_thousand') }} as total_expenditure_gbp,
        {{ read_thousand('sales_fees_charges_thousand') }} as sales_fees_charges_gbp,
        {{ read_thousand('other_income_thousand') }} as other_income_gbp,
        {{ read_thousand('total_income_thousand') }} as total_income_gbp,
        {{ read_thousand('net_current_thousand') }} as net_current_gbp
    from source

)

select * from final
