-- What the record of a day comes to: one yes/no per rule, so that each "no" can be explained. What is not known is
-- not suitable, and not "not in education, employment or training" either. While the schools were closed a child of
-- school age is neither.
with

record as (

    select * from {{ ref('int_education__record_on_day') }}

),

measured as (

    select
        *,
        placements > 0 as is_in_eet,
        case
            when is_school_age then {{ var('yos:school_age_hours') }}
            else {{ var('yos:above_school_age_hours') }}
        end as hours_needed,
        {{ hours_band('hours_attended') }} as hours_band_code,
        hours_attended is not null as has_known_hours,
        coalesce(hours_attended >= 25, false) as has_25_hours
    from record

),

with_hours as (

    select
        *,
        coalesce(hours_attended >= hours_needed, false) as has_enough_hours,
        is_in_eet and is_every_placement_suitable and has_25_hours as is_suitable_eet_25,
        is_in_eet
        and is_every_placement_suitable
        and coalesce(coalesce(hours_attended, hours_estimated) >= hours_needed, false) as is_suitable_eet_estimated
    from measured

),

judged as (

    select
        *,
        is_in_eet and is_every_placement_suitable and has_enough_hours as is_suitable_eet,
        has_record and not is_in_eet and not (is_series_break and is_school_age) as is_neet
    from with_hours

),

explained as (

    select
        *,
        case
            when is_suitable_eet then 'SUITABLE'
            when
                is_series_break
                and is_school_age
                and person_key > 0
                and not is_any_placement_unsuitable
                and not (is_in_eet and has_enough_hours)
                then 'SCHOOLS_CLOSED'
            when not has_record then 'NO_RECORD'
            when is_neet then 'NEET'
            when is_any_placement_unsuitable then 'NOT_ALL_SUITABLE'
            when not is_suitability_known then 'SUITABILITY_NOT_KNOWN'
            when not has_known_hours then 'HOURS_NOT_KNOWN'
            else 'TOO_FEW_HOURS'
        end as reason_code
    from judged

),

final as (

    select
        person_key,
        status_date,
        is_school_age,
        hours_needed,
        source_code,
        placements,
        provision_type_code,
        hours_offered,
        hours_attended,
        hours_estimated,
        hours_band_code,
        has_record,
        is_in_eet,
        is_every_placement_suitable,
        is_suitability_known,
        has_known_hours,
        has_enough_hours,
        has_25_hours,
        is_suitable_eet,
        is_suitable_eet_25,
        is_suitable_eet_estimated,
        is_neet,
        case
            when reason_code in ('SUITABLE', 'NEET') then reason_code
            when reason_code in ('NOT_ALL_SUITABLE', 'TOO_FEW_HOURS') then 'NOT_SUITABLE'
            else 'NOT_KNOWN'
        end as status_code,
        reason_code,
        witnesses_disagree,
        is_series_break
    from explained

)

select * from final
