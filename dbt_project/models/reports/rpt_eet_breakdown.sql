-- Education, employment and training of the orders that ended in the last four complete quarters, by who the children
-- are, where they were and why not. One period, because two that overlap would give small numbers away. A category with
-- a small count is hidden, and with it the smallest others until what is hidden adds up to no small number either.
{% set counts = [
    'order_ends', 'suitable', 'not_suitable', 'neet', 'not_known', 'suitable_at_start', 'not_suitable_at_start'
] %}
{% set shown = ['order_ends', 'suitable', 'suitable_at_start', 'neet', 'not_known'] %}
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
        count(*) filter (where start_is_suitable_eet)::numeric as suitable_at_start,
        count(*) filter (where not start_is_suitable_eet)::numeric as not_suitable_at_start
    from categories
    group by period_code, period_name, kind_code, category_name

),

primarily as (

    select
        *,
        {% for count in counts -%}
            {{ 'or ' if not loop.first }}{{ is_small(count) }}
        {% endfor -%}
            as is_small_itself
    from counted

),

-- from the category that must be hidden first to the one that may be shown first
ranked as (

    select
        *,
        count(*) filter (where is_small_itself) over (partition by kind_code) as small_categories,
        row_number() over to_here as hiding_order,
        {% for count in counts -%}
            sum({{ count }}) over to_here as {{ count }}_to_here{{ ',' if not loop.last }}
        {% endfor %}
    from primarily
    window to_here as (partition by kind_code order by is_small_itself desc, order_ends, category_name)

),

-- how many have to be hidden, so that the others and the total tell of none of them; all, if it must be
judged as (

    select
        *,
        small_categories > 0 and hiding_order <= coalesce(
            min(hiding_order) filter (
                where hiding_order >= greatest(small_categories, 2)
                {% for count in counts -%}
                    and not {{ is_small(count ~ '_to_here') }}
                {% endfor %}
            ) over (partition by kind_code),
            hiding_order
        ) as is_hidden
    from ranked

),

rated as (

    select
        *,
        100 * suitable / order_ends as rate,
        100 * suitable_at_start / order_ends as rate_at_start,
        is_hidden or order_ends < 2 * {{ var('yos:small_number') }} as is_rate_hidden
    from judged

),

final as (

    select
        kind_code,
        category_name,
        period_code,
        period_name,
        {% for count in shown -%}
            case when not is_hidden then {{ count }} end as {{ count }},
        {% endfor -%}
        {% for count in shown -%}
            {{ shown_count(count, 'is_hidden') }} as {{ count }}_shown,
        {% endfor -%}
        case when not is_rate_hidden then round(rate, 1) end as suitable_pct,
        case when not is_rate_hidden then round(rate_at_start, 1) end as suitable_at_start_pct,
        case when not is_rate_hidden then round(rate - rate_at_start, 1) end as change_points,
        'LOCAL_CMS' as source_basis,
        '{{ var("yos:service") }}' as service_code
    from rated

)

select * from final
