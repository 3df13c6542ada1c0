-- Education, employment and training of the orders that ended in the last four complete quarters, by who the children
-- are, where they were and why not. One period, because two that overlap would give small numbers away. A category with
-- a small count is hidden, and with it the smallest others until what is hidden adds up to no small number either; what
-- the orders came to may be hidden where their number is shown.
{% set told = {
    'order_ends': ['order_ends'],
    'suitable': ['order_ends', 'suitable', 'other'],
    'at_start': ['order_ends', 'suitable_at_start', 'other_at_start'],
    'status': ['order_ends', 'suitable', 'other', 'not_suitable', 'neet', 'not_known'],
} %}
{% set hidden_with = {
    'order_ends': 'is_order_ends_hidden', 'suitable': 'is_suitable_hidden', 'suitable_at_start': 'is_at_start_hidden',
    'neet': 'is_status_hidden', 'not_known': 'is_status_hidden',
} %}
with

order_end as (

    select *
    from {{ ref('fct_eet_at_order_end') }}
    where is_counted

),

child as (

    select * from {{ ref('dim_child') }}

),

geography as (

    select * from {{ ref('dim_geography') }}

),

provision as (

    select * from {{ ref('dim_provision') }}

),

period as (

    select *
    from {{ ref('dim_period') }}
    where period_kind = 'ROLLING_YEAR' and last_day <= {{ as_at_date() }}
    order by last_day desc
    limit 1

),

described as (

    select
        order_end.*,
        period.period_code,
        period.period_name,
        child.ethnicity_group_name,
        geography.district_name,
        provision.provision_name
    from order_end
    inner join period on order_end.order_end_date between period.first_day and period.last_day
    inner join child on order_end.person_key = child.person_key
    inner join geography on order_end.geography_key = geography.geography_key
    inner join provision on order_end.provision_type_code = provision.provision_type_code

),

categories as (

    select
        described.period_code,
        described.period_name,
        by_what.kind_code,
        by_what.category_name,
        described.status_code,
        described.start_is_suitable_eet
    from described
    cross join lateral (
        values
        ('SCHOOL_AGE', case when described.is_school_age then 'school age' else 'above school age' end),
        ('PROVISION', described.provision_name),
        ('HOURS_BAND', described.hours_band_code),
        ('SEND', described.send_code),
        ('LOOKED_AFTER', described.looked_after_code),
        ('DISTRICT', described.district_name),
        ('ORDER_TYPE', described.order_type_code),
        (
            'AGE',
            case
                when described.age_at_end is null then 'not known'
                when described.age_at_end < 14 then 'up to 13'
                when described.age_at_end < 16 then '14 and 15'
                when described.age_at_end < 18 then '16 and 17'
                else '18 and over'
            end
        ),
        ('ETHNICITY', described.ethnicity_group_name),
        ('TEAM', described.team_code),
        ('REASON', described.reason_code),
        ('CHANGE', described.change_code)
    ) as by_what (kind_code, category_name)

),

counted as (

    select
        period_code,
        period_name,
        kind_code,
        category_name,
        count(*)::numeric as order_ends,
        count(*) filter (where status_code = 'SUITABLE')::numeric as suitable,
        count(*) filter (where status_code = 'NOT_SUITABLE')::numeric as not_suitable,
        count(*) filter (where status_code = 'NEET')::numeric as neet,
        count(*) filter (where status_code = 'NOT_KNOWN')::numeric as not_known,
        count(*) filter (where status_code <> 'SUITABLE')::numeric as other,
        count(*) filter (where start_is_suitable_eet)::numeric as suitable_at_start,
        count(*) filter (where not start_is_suitable_eet)::numeric as other_at_start
    from categories
    group by period_code, period_name, kind_code, category_name

),

primarily as (

    select
        *
        {%- for subject, counts in told.items() %},
            {% for count in counts -%}
                {{ 'or ' if not loop.first }}{{ is_small(count) }}
            {% endfor -%}
                as is_{{ subject }}_small
        {%- endfor %}
    from counted

),

-- from the category that must be hidden first to the one that may be shown first, with what is hidden so far
ranked as (

    select
        *
        {%- for subject, counts in told.items() %},
            count(*) filter (where is_{{ subject }}_small) over (partition by kind_code) as {{ subject }}_small,
            row_number() over {{ subject }}_order as {{ subject }}_number,
            {% for count in counts -%}
                {{ 'or ' if not loop.first }}{{ is_small('sum(' ~ count ~ ') over ' ~ subject ~ '_order') }}
            {% endfor -%}
                as is_{{ subject }}_sum_small
        {%- endfor %}
    from primarily
    window
        {%- for subject in told %}
            {{ subject }}_order as (
                partition by kind_code order by is_{{ subject }}_small desc, order_ends, category_name
            ){{ ',' if not loop.last }}
        {%- endfor %}

),

-- as many as it takes; all, if it must be
chosen as (

    select
        *
        {%- for subject in told %},
            {{ subject }}_small > 0 and {{ subject }}_number <= coalesce(
                min({{ subject }}_number) filter (
                    where {{ subject }}_number >= greatest({{ subject }}_small, 2) and not is_{{ subject }}_sum_small
                ) over (partition by kind_code),
                {{ subject }}_number
            ) as is_{{ subject }}_chosen
        {%- endfor %}
    from ranked

),

judged as (

    select
        *,
        is_order_ends_chosen as is_order_ends_hidden,
        is_order_ends_chosen or is_suitable_chosen as is_suitable_hidden,
        is_order_ends_chosen or is_at_start_chosen as is_at_start_hidden,
        is_order_ends_chosen or is_suitable_chosen or is_status_chosen as is_status_hidden,
        order_ends < 2 * {{ var('yos:small_number') }} as is_of_too_few,
        100 * suitable / order_ends as rate,
        100 * suitable_at_start / order_ends as rate_at_start
    from chosen

),

final as (

    select
        kind_code,
        category_name,
        period_code,
        period_name,
        {% for count, is_hidden in hidden_with.items() -%}
            case when not {{ is_hidden }} then {{ count }} end as {{ count }},
        {% endfor -%}
        {% for count, is_hidden in hidden_with.items() -%}
            {{ shown_count(count, is_hidden) }} as {{ count }}_shown,
        {% endfor -%}
        case when not (is_suitable_hidden or is_of_too_few) then round(rate, 1) end as suitable_pct,
        case when not (is_at_start_hidden or is_of_too_few) then round(rate_at_start, 1) end as suitable_at_start_pct,
        case
            when not (is_suitable_hidden or is_at_start_hidden or is_of_too_few) then round(rate - rate_at_start, 1)
        end as change_points,
        'LOCAL_CMS' as source_basis,
        '{{ var("yos:service") }}' as service_code
    from judged

)

select * from final
