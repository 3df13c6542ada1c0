-- Spells of education, employment and training with what stands beside them: how far the witness is believed, school
-- age, other spells of the same days, and hours estimated from attendance marks.
with

spell as (

    select * from {{ ref('int_education__spell_numbered') }}

),

attendance_day as (

    select * from {{ ref('int_education__attendance_day') }}

),

ref_eet_precedence as (

    select * from {{ ref('ref_eet_precedence') }}

),

beside as (

    select
        spell.person_key,
        spell.source_code,
        spell.start_date,
        spell.spell_number,
        count(*) filter (where spell.source_code = other.source_code) - 1 as concurrent_spells,
        count(*) filter (where spell.source_code <> other.source_code) as other_witness_spells
    from spell
    inner join spell as other
        on
            spell.person_key = other.person_key
            and spell.start_date <= coalesce(other.end_date, date 'infinity')
            and other.start_date <= coalesce(spell.end_date, date 'infinity')
    group by spell.person_key, spell.source_code, spell.start_date, spell.spell_number

),

attended as (

    select
        spell.person_key,
        spell.source_code,
        spell.start_date,
        spell.spell_number,
        round(
            25.0 * sum(attendance_day.sessions_attended) / nullif(sum(attendance_day.sessions_possible), 0), 2
        )::numeric(5, 2) as hours_estimated
    from spell
    inner join attendance_day
        on
            spell.person_key = attendance_day.person_key
            and spell.start_date <= attendance_day.mark_date
            and attendance_day.mark_date <= coalesce(spell.end_date, date 'infinity')
    where spell.source_code = 'SCHOOL'
    group by spell.person_key, spell.source_code, spell.start_date, spell.spell_number

),

final as (

    select
        spell.person_key,
        spell.source_code,
        spell.start_date,
        spell.spell_number,
        spell.record_id,
        spell.end_date,
        spell.is_end_estimated,
        spell.is_lapsed,
        spell.is_eet,
        spell.provision_type_code,
        spell.hours_offered,
        spell.hours_attended,
        attended.hours_estimated,
        {{ hours_band('spell.hours_attended') }} as hours_band_code,
        spell.suitability_code,
        {{ is_school_age('spell.start_date', 'spell.date_of_birth') }} as is_school_age_at_start,
        {{ is_school_age('coalesce(spell.end_date, ' ~ as_at_date() ~ ')', 'spell.date_of_birth') }}
            as is_school_age_at_end,
        ref_eet_precedence.precedence,
        beside.concurrent_spells::integer as concurrent_spells,
        beside.other_witness_spells::integer as other_witness_spells,
        spell.service_code
    from spell
    -- every spell is beside itself; an inner join over four columns is taken for one row, and nested
    left join beside
        on
            spell.person_key = beside.person_key
            and spell.source_code = beside.source_code
            and spell.start_date = beside.start_date
            and spell.spell_number = beside.spell_number
    left join attended
        on
            spell.person_key = attended.person_key
            and spell.source_code = attended.source_code
            and spell.start_date = attended.start_date
            and spell.spell_number = attended.spell_number
    left join ref_eet_precedence
        on
            spell.source_code = ref_eet_precedence.source_code
            and spell.start_date >= coalesce(ref_eet_precedence.valid_from, date '-infinity')
            and spell.start_date <= coalesce(ref_eet_precedence.valid_to, date 'infinity')

)

select * from final
