-- Education, employment and training of the orders that ended in the last four complete quarters, by who the children
-- are, where they were and why not. One period, because two that overlap would give small numbers away. A category with
-- a small count is hidden, and with it the smallest others until what is hidden adds up to no small number either; what
-- the orders came to may be hidden where their number is shown.
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
        count(*) filter (where start_is_suitable_eet)::numeric as suitable_at_start
    from categories
    group by period_code, period_name, kind_code, category_name

),

-- what is told of a category together, in its parts: one that is small hides the others
parts as (

    select
        counted.kind_code,
        counted.category_name,
        counted.order_ends,
        part.subject_code,
        part.part_code,
        part.number,
        bool_or({{ is_small('part.number') }}) over (
            partition by counted.kind_code, counted.category_name, part.subject_code
        ) as is_one_small
    from counted
    cross join
        lateral (
            values
            ('ORDER_ENDS', 'ALL', counted.order_ends),
            ('SUITABLE', 'SUITABLE', counted.suitable),
            ('SUITABLE', 'OTHERS', counted.order_ends - counted.suitable),
            ('AT_START', 'SUITABLE', counted.suitable_at_start),
            ('AT_START', 'OTHERS', counted.order_ends - counted.suitable_at_start),
            ('STATUS', 'NOT_SUITABLE', counted.not_suitable),
            ('STATUS', 'NEET', counted.neet),
            ('STATUS', 'NOT_KNOWN', counted.not_known)
        ) as part (subject_code, part_code, number)

),

-- from the category that must be hidden first to the one that may be shown first, with what is hidden so far
summed as (

    select
        *,
        dense_rank() over (
            partition by kind_code, subject_code
            order by is_one_small desc, order_ends asc, category_name asc
        ) as hiding_order,
        sum(number) over (
            partition by kind_code, subject_code, part_code
            order by is_one_small desc, order_ends asc, category_name asc
        ) as hidden_so_far
    from parts

),

places as (

    select
        kind_code,
        subject_code,
        category_name,
        hiding_order,
        bool_or({{ is_small('hidden_so_far') }}) as is_sum_small,
        max(max(hiding_order) filter (where is_one_small)) over (partition by kind_code, subject_code) as last_small
    from summed
    group by kind_code, subject_code, category_name, hiding_order

),

-- as many as it takes; all, if it must be
reach as (

    select
        kind_code,
        subject_code,
        coalesce(
            min(hiding_order) filter (where hiding_order >= greatest(last_small, 2) and not is_sum_small),
            max(hiding_order)
        ) as last_hidden
    from places
    where last_small is not null
    group by kind_code, subject_code

),

hidden as (

    select
        places.kind_code,
        places.category_name,
        bool_or(places.subject_code = 'ORDER_ENDS') as is_order_ends_hidden,
        bool_or(places.subject_code in ('ORDER_ENDS', 'SUITABLE')) as is_suitable_hidden,
        bool_or(places.subject_code in ('ORDER_ENDS', 'AT_START')) as is_at_start_hidden,
        bool_or(places.subject_code in ('ORDER_ENDS', 'SUITABLE', 'STATUS')) as is_status_hidden
    from places
    inner join reach on places.kind_code = reach.kind_code and places.subject_code = reach.subject_code
    where places.hiding_order <= reach.last_hidden
    group by places.kind_code, places.category_name

),

judged as (

    select
        counted.*,
        coalesce(hidden.is_order_ends_hidden, false) as is_order_ends_hidden,
        coalesce(hidden.is_suitable_hidden, false) as is_suitable_hidden,
        coalesce(hidden.is_at_start_hidden, false) as is_at_start_hidden,
        coalesce(hidden.is_status_hidden, false) as is_status_hidden,
        counted.order_ends < 2 * {{ var('yos:small_number') }} as is_of_too_few,
        100 * counted.suitable / counted.order_ends as rate,
        100 * counted.suitable_at_start / counted.order_ends as rate_at_start
    from counted
    left join hidden on counted.kind_code = hidden.kind_code and counted.category_name = hidden.category_name

),

final as (

    select
        kind_code,
        category_name,
        period_code,
        period_name,
        case when not is_order_ends_hidden then order_ends end as order_ends,
        case when not is_suitable_hidden then suitable end as suitable,
        case when not is_at_start_hidden then suitable_at_start end as suitable_at_start,
        case when not is_status_hidden then neet end as neet,
        case when not is_status_hidden then not_known end as not_known,
        {{ shown_count('order_ends', 'is_order_ends_hidden') }} as order_ends_shown,
        {{ shown_count('suitable', 'is_suitable_hidden') }} as suitable_shown,
        {{ shown_count('suitable_at_start', 'is_at_start_hidden') }} as suitable_at_start_shown,
        {{ shown_count('neet', 'is_status_hidden') }} as neet_shown,
        {{ shown_count('not_known', 'is_status_hidden') }} as not_known_shown,
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
