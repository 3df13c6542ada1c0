-- Education, employment and training of the orders that ended in the last complete financial year, by who the children
-- are, where they were and why not. rpt_indicator tells of that year too, so that no overlap of periods gives a small
-- number away, and what is hidden there is hidden here. A category with a small count is hidden, and with it the
-- smallest others until what is hidden adds up to no small number either: first among those whose sum is told elsewhere
-- (reasons of one status, ages of one side of school age), then all of the kind.
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
    where
        period_kind = 'YEAR_TO_DATE'
        and date_part('month', last_day) = 3
        and last_day <= {{ as_at_date() }}
    order by last_day desc
    limit 1

),

-- a figure of the whole that is hidden is hidden in every part
indicator as (

    select * from {{ ref('rpt_indicator') }}

),

hidden_whole as (

    select
        -- the same number stands behind all four
        coalesce(bool_and(indicator.denominator is null), false) as is_order_ends_hidden,
        coalesce(
            bool_or(indicator.numerator is null) filter (where indicator.indicator_id = 'suitable_eet_at_order_end'),
            false
        ) as is_suitable_hidden,
        coalesce(
            bool_or(indicator.numerator is null) filter (where indicator.indicator_id = 'suitable_eet_at_order_start'),
            false
        ) as is_at_start_hidden,
        coalesce(
            bool_or(indicator.numerator is null) filter (
                where indicator.indicator_id in ('neet_at_order_end', 'eet_not_known_at_order_end')
            ),
            false
        ) as is_status_hidden
    from indicator
    inner join period on indicator.period_code = period.period_code
    where
        indicator.indicator_id in (
            'suitable_eet_at_order_end', 'suitable_eet_at_order_start', 'neet_at_order_end',
            'eet_not_known_at_order_end'
        )

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
        by_what.group_code,
        by_what.category_name,
        described.status_code,
        described.start_is_suitable_eet
    from described
    cross join
        lateral (
            values
            ('SCHOOL_AGE', 'ALL', case when described.is_school_age then 'school age' else 'above school age' end),
            -- of those in a placement: who was in none is told by the reasons
            ('PROVISION', 'ALL', case when described.is_in_eet then described.provision_name end),
            ('HOURS_BAND', 'ALL', described.hours_band_code),
            ('SEND', 'ALL', described.send_code),
            ('LOOKED_AFTER', 'ALL', described.looked_after_code),
            ('DISTRICT', 'ALL', described.district_name),
            ('ORDER_TYPE', 'ALL', described.order_type_code),
            (
                'AGE',
                case when described.is_school_age then 'SCHOOL_AGE' else 'ABOVE' end,
                case
                    when described.age_at_end is null then 'not known'
                    when described.age_at_end < 14 then 'up to 13'
                    when described.age_at_end < 16 then '14 and 15'
                    when described.is_school_age then '16, school age'
                    when described.age_at_end < 17 then '16, above school age'
                    when described.age_at_end < 18 then '17'
                    else '18 and over'
                end
            ),
            ('ETHNICITY', 'ALL', described.ethnicity_group_name),
            ('REASON', described.status_code, described.reason_code),
            ('CHANGE', 'ALL', described.change_code)
        ) as by_what (kind_code, group_code, category_name)
    where by_what.category_name is not null

),

counted as (

    select
        period_code,
        period_name,
        kind_code,
        group_code,
        category_name,
        count(*)::numeric as order_ends,
        count(*) filter (where status_code = 'SUITABLE')::numeric as suitable,
        count(*) filter (where start_is_suitable_eet)::numeric as suitable_at_start
    from categories
    group by period_code, period_name, kind_code, group_code, category_name

),

-- what is told of a category together, in its parts: one that is small hides the others
parts as (

    select
        counted.kind_code,
        counted.group_code,
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
            ('AT_START', 'OTHERS', counted.order_ends - counted.suitable_at_start)
        ) as part (subject_code, part_code, number)

),

-- from the category that must be hidden first to the one that may be shown first, with what is hidden so far
summed as (

    select
        *,
        dense_rank() over (
            partition by kind_code, group_code, subject_code
            order by is_one_small desc, order_ends asc, category_name asc
        ) as hiding_order,
        sum(number) over (
            partition by kind_code, group_code, subject_code, part_code
            order by is_one_small desc, order_ends asc, category_name asc
        ) as hidden_so_far
    from parts

),

places as (

    select
        kind_code,
        group_code,
        subject_code,
        category_name,
        hiding_order,
        bool_or({{ is_small('hidden_so_far') }}) as is_sum_small,
        max(max(hiding_order) filter (where is_one_small)) over (
            partition by kind_code, group_code, subject_code
        ) as last_small
    from summed
    group by kind_code, group_code, subject_code, category_name, hiding_order

),

-- as many as it takes; all of the kind, if a group does not suffice
reach as (

    select
        kind_code,
        group_code,
        subject_code,
        min(hiding_order) filter (where hiding_order >= greatest(last_small, 2) and not is_sum_small) as last_hidden
    from places
    where last_small is not null
    group by kind_code, group_code, subject_code

),

all_of_it as (

    select distinct
        kind_code,
        subject_code
    from reach
    where last_hidden is null

),

hidden as (

    select
        places.kind_code,
        places.category_name,
        bool_or(places.subject_code = 'ORDER_ENDS') as is_order_ends_hidden,
        bool_or(places.subject_code in ('ORDER_ENDS', 'SUITABLE')) as is_suitable_hidden,
        bool_or(places.subject_code in ('ORDER_ENDS', 'AT_START')) as is_at_start_hidden
    from places
    left join reach
        on
            places.kind_code = reach.kind_code
            and places.group_code = reach.group_code
            and places.subject_code = reach.subject_code
    left join all_of_it
        on places.kind_code = all_of_it.kind_code and places.subject_code = all_of_it.subject_code
    where places.hiding_order <= reach.last_hidden or all_of_it.kind_code is not null
    group by places.kind_code, places.category_name

),

judged as (

    select
        counted.*,
        hidden_whole.is_order_ends_hidden
        or (counted.kind_code = 'REASON' and hidden_whole.is_status_hidden)
        or coalesce(hidden.is_order_ends_hidden, false) as is_order_ends_hidden,
        hidden_whole.is_order_ends_hidden
        or hidden_whole.is_suitable_hidden
        or (counted.kind_code = 'REASON' and hidden_whole.is_status_hidden)
        or coalesce(hidden.is_suitable_hidden, false) as is_suitable_hidden,
        hidden_whole.is_order_ends_hidden
        or hidden_whole.is_at_start_hidden
        or (counted.kind_code = 'REASON' and hidden_whole.is_status_hidden)
        or coalesce(hidden.is_at_start_hidden, false) as is_at_start_hidden,
        counted.order_ends < 2 * {{ var('yos:small_number') }} as is_of_too_few,
        100 * counted.suitable / counted.order_ends as rate,
        100 * counted.suitable_at_start / counted.order_ends as rate_at_start
    from counted
    cross join hidden_whole
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
        {{ shown_count('order_ends', 'is_order_ends_hidden') }} as order_ends_shown,
        {{ shown_count('suitable', 'is_suitable_hidden') }} as suitable_shown,
        {{ shown_count('suitable_at_start', 'is_at_start_hidden') }} as suitable_at_start_shown,
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
