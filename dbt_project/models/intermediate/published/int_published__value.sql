-- Received figures in the warehouse's own words. Words nobody knows stay behind: what leaves are codes, numbers,
-- days, and names made from codes.
with

received as (

    select
        *,
        {{ period_month_words('period_name') }} as month_words
    from {{ ref('stg_published__value') }}

),

word as (

    select * from {{ ref('map_published_word') }}

),

district as (

    select * from {{ ref('int_reference__district') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}

),

-- the service as a whole, and each of its areas
place as (

    select
        string_agg(distinct area_name, ' and ' order by area_name) as area_name,
        'SERVICE' as area_kind_code
    from district
    union
    select
        area_name,
        'SERVICE' as area_kind_code
    from district
    union
    select
        region_name as area_name,
        'REGION' as area_kind_code
    from district

),

in_our_words as (

    select
        received.service_code,
        record_link.record_key as published_value_key,
        coalesce(word_indicator.code, received.indicator_id) as indicator_id,
        coalesce(word_basis.code, 'NOT_KNOWN') as source_basis,
        coalesce(word_cohort.code, '-2') as cohort_code,
        case
            when
                received.area_kind in ('SERVICE', 'REGION', 'FAMILY', 'ENGLAND', 'ENGLAND_AND_WALES', 'NATIONAL')
                then received.area_kind
            else coalesce(place.area_kind_code, word_area.code, 'NOT_KNOWN')
        end as area_kind_code,
        coalesce(place.area_name, initcap(word_area.word)) as known_area_name,
        received.document,
        coalesce(
            received.first_day, {{ period_first_day('received.period_name', 'received.month_words') }}
        ) as first_day,
        coalesce(
            received.last_day, {{ period_last_day('received.period_name', 'received.month_words') }}
        ) as last_day,
        substring(received.period_name from ' at (\d{1,2}) months?$')::integer as months_followed,
        coalesce(word_unit.code, 'NOT_KNOWN') as unit,
        received.printed_value as value,
        received.printed_decimals as decimals,
        received.numerator,
        received.denominator,
        substring(received.comparison_printed from '^-?\d{1,9}(?:\.\d{1,6})?')::numeric(18, 6) as comparison_value,
        substring(received.target from '^[<>]?=? ?(\d{1,9}(?:\.\d{1,6})?)')::numeric(18, 6) as target_value,
        case left(received.target, 1) when '<' then 'below' when '>' then 'above' end as target_sense,
        case
            when received.target ~ '^[<>]?=? ?\d'
                then case when received.target ilike '%inferred%' then 'INFERRED' else 'STATED' end
        end as target_confidence,
        coalesce(received.is_suspect, false) as is_doubted
    from received
    left join record_link
        on
            received.record_id = record_link.source_id
            and record_link.feed = 'published'
            and record_link.entity = 'value'
    left join word as word_indicator
        on word_indicator.word_kind = 'INDICATOR' and received.indicator_id = word_indicator.word
    left join word as word_basis
        on word_basis.word_kind = 'BASIS' and lower(received.basis) = word_basis.word
    left join word as word_cohort
        on word_cohort.word_kind = 'COHORT' and lower(received.basis) = word_cohort.word
    left join word as word_unit
        on word_unit.word_kind = 'UNIT' and lower(replace(received.unit, ',', '')) = word_unit.word
    left join word as word_area
        on word_area.word_kind = 'AREA' and lower(received.area_name) = word_area.word
    left join place on lower(received.area_name) = lower(place.area_name)

),

-- England holds about 95 of 100 children of England and Wales: the two can hardly differ by a tenth
beside as (

    select
        indicator_id,
        source_basis,
        cohort_code,
        document,
        first_day,
        last_day,
        max(value) filter (where area_kind_code = 'ENGLAND') as england,
        max(value) filter (where area_kind_code = 'ENGLAND_AND_WALES') as england_and_wales
    from in_our_words
    group by indicator_id, source_basis, cohort_code, document, first_day, last_day

),

final as (

    select
        in_our_words.service_code,
        in_our_words.published_value_key,
        in_our_words.indicator_id,
        in_our_words.source_basis,
        in_our_words.cohort_code,
        in_our_words.area_kind_code,
        case in_our_words.area_kind_code
            when 'ENGLAND' then 'England'
            when 'ENGLAND_AND_WALES' then 'England and Wales'
            when 'NATIONAL' then 'National'
            when 'FAMILY' then 'Family'
            when 'REGION' then coalesce(in_our_words.known_area_name, 'Region')
            when 'SERVICE' then coalesce(in_our_words.known_area_name, 'Service')
            else 'Not known'
        end as area_name,
        in_our_words.first_day,
        in_our_words.last_day,
        coalesce(
            to_char(in_our_words.first_day, 'Mon YYYY') || ' to ' || to_char(in_our_words.last_day, 'Mon YYYY'),
            'Not stated'
        ) as period_name,
        in_our_words.months_followed,
        in_our_words.unit,
        in_our_words.value,
        in_our_words.decimals,
        in_our_words.numerator,
        in_our_words.denominator,
        in_our_words.comparison_value,
        in_our_words.target_value,
        in_our_words.target_sense,
        in_our_words.target_confidence,
        case
            when in_our_words.is_doubted then 'DOUBTED_BY_SENDER'
            when
                in_our_words.area_kind_code in ('ENGLAND', 'ENGLAND_AND_WALES')
                and abs(beside.england - beside.england_and_wales) > 0.1 * beside.england_and_wales
                then 'ENGLAND_BESIDE_ENGLAND_AND_WALES'
        end as suspect_code
    from in_our_words
    left join beside
        on
            in_our_words.indicator_id = beside.indicator_id
            and in_our_words.source_basis = beside.source_basis
            and in_our_words.cohort_code = beside.cohort_code
            and in_our_words.document = beside.document
            and in_our_words.first_day is not distinct from beside.first_day
            and in_our_words.last_day is not distinct from beside.last_day

)

select * from final
