-- How many children the service worked with in each financial year, and their nights in youth detention on remand.
-- Numbers of 1 to 4 children are hidden, with their nights; and what rpt_indicator hides of a year is hidden here,
-- because a year less the quarters that are told is a quarter that is not.
with

orders as (

    select *
    from {{ ref('fct_order') }}
    where is_in_order and person_key > 0 and start_date <= {{ as_at_date() }}

),

remand_night as (

    select *
    from {{ ref('fct_remand_night') }}
    where remand_class_code = 'YDA' and is_counted

),

indicator as (

    select *
    from {{ ref('rpt_indicator') }}
    where period_kind = 'YEAR_TO_DATE' and indicator_id in ('children_remanded', 'remand_bed_nights')

),

-- an order over the turn of the year is in both years
caseload as (

    select
        {{ financial_year('years.first_day') }} as financial_year,
        count(distinct orders.person_key) as children
    from orders
    cross join
        lateral generate_series(
            {{ financial_year_start('orders.start_date') }}::timestamp,
            least(orders.end_date, {{ as_at_date() }})::timestamp,
            interval '1 year'
        ) as years (first_day)
    group by {{ financial_year('years.first_day') }}

),

remand as (

    select
        {{ financial_year('quarter_start') }} as financial_year,
        count(distinct person_key) as children,
        sum(nights) as nights
    from remand_night
    group by {{ financial_year('quarter_start') }}

),

whole_year as (

    select
        *,
        row_number() over (partition by indicator_id, first_day order by last_day desc) = 1 as is_whole
    from indicator

),

hidden_elsewhere as (

    select
        {{ financial_year('first_day') }} as financial_year,
        bool_or(numerator is null) filter (where indicator_id = 'children_remanded') as is_children_hidden,
        bool_or(numerator is null) filter (where indicator_id = 'remand_bed_nights') as is_nights_hidden
    from whole_year
    where is_whole
    group by {{ financial_year('first_day') }}

),

both_numbers as (

    select
        coalesce(caseload.financial_year, remand.financial_year) as financial_year,
        coalesce(caseload.children, 0) as children_on_caseload,
        coalesce(remand.children, 0) as children_remanded,
        coalesce(remand.nights, 0) as remand_bed_nights
    from caseload
    full join remand on caseload.financial_year = remand.financial_year

),

judged as (

    select
        both_numbers.*,
        {{ is_small('both_numbers.children_on_caseload') }} as is_caseload_hidden,
        {{ is_small('both_numbers.children_remanded') }}
        or coalesce(hidden_elsewhere.is_children_hidden, false) as is_remanded_hidden,
        {{ is_small('both_numbers.children_remanded') }}
        or coalesce(hidden_elsewhere.is_nights_hidden, false) as is_nights_hidden
    from both_numbers
    left join hidden_elsewhere on both_numbers.financial_year = hidden_elsewhere.financial_year

),

final as (

    select
        financial_year,
        case when not is_caseload_hidden then children_on_caseload end::integer as children_on_caseload,
        case when not is_remanded_hidden then children_remanded end::integer as children_remanded,
        case when not is_nights_hidden then remand_bed_nights end::integer as remand_bed_nights,
        is_caseload_hidden or is_remanded_hidden or is_nights_hidden as is_hidden,
        {{ as_at_date() }} as as_at,
        '{{ var("yos:service") }}' as service_code
    from judged

)

select * from final
