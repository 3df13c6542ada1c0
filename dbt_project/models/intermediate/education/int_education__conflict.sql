-- Where two witnesses contradict each other for long enough that it is no delay in writing it down: one tells of a
-- placement and the other of none (EET_OR_NOT), or of provision of another group while neither confirms what the other
-- says (PROVISION). Days to come are not counted, and what is not known contradicts nothing.
with

spell as (

    select * from {{ ref('int_education__spell') }}

),

provision as (

    select * from {{ ref('int_reference__provision') }}

),

ref_eet_precedence as (

    select * from {{ ref('ref_eet_precedence') }}

),

grouped as (

    select
        spell.*,
        provision.provision_group_code
    from spell
    inner join provision on spell.provision_type_code = provision.provision_type_code
    where spell.other_witness_spells > 0

),

-- each pair from both sides
pair as (

    select
        one.service_code,
        one.person_key,
        one.source_code,
        other.source_code as other_source_code,
        one.start_date,
        one.spell_number,
        other.start_date as other_start_date,
        other.spell_number as other_spell_number,
        one.is_eet,
        other.is_eet as other_is_eet,
        one.provision_type_code,
        other.provision_type_code as other_provision_type_code,
        one.provision_group_code,
        other.provision_group_code as other_provision_group_code,
        greatest(one.start_date, other.start_date) as first_day,
        least(one.end_date, other.end_date) as last_day
    from grouped as one
    inner join grouped as other
        on
            one.person_key = other.person_key
            and one.source_code <> other.source_code
            and one.start_date <= coalesce(other.end_date, date 'infinity')
            and other.start_date <= coalesce(one.end_date, date 'infinity')

),

measured as (

    select
        *,
        least(last_day, {{ as_at_date() }}) - first_day + 1 as days
    from pair

),

compared as (

    select
        *,
        bool_or(provision_group_code = other_provision_group_code) over (
            partition by person_key, source_code, start_date, spell_number, other_source_code
        ) as is_confirmed,
        bool_or(provision_group_code = other_provision_group_code) over (
            partition by person_key, other_source_code, other_start_date, other_spell_number, source_code
        ) as is_other_confirmed
    from measured
    where days >= {{ var('yos:eet_conflict_days') }}

),

contradicting as (

    select
        *,
        case when is_eet <> other_is_eet then 'EET_OR_NOT' else 'PROVISION' end as conflict_code
    from compared
    where
        is_eet <> other_is_eet
        or (
            is_eet
            and not is_confirmed
            and not is_other_confirmed
            and 'NOT_KNOWN' not in (provision_group_code, other_provision_group_code)
        )

),

-- of the two sides the one that starts with the witness believed first
believed_first as (

    select contradicting.*
    from contradicting
    inner join ref_eet_precedence
        on
            contradicting.source_code = ref_eet_precedence.source_code
            and contradicting.first_day >= coalesce(ref_eet_precedence.valid_from, date '-infinity')
            and contradicting.first_day <= coalesce(ref_eet_precedence.valid_to, date 'infinity')
    inner join ref_eet_precedence as other_precedence
        on
            contradicting.other_source_code = other_precedence.source_code
            and contradicting.first_day >= coalesce(other_precedence.valid_from, date '-infinity')
            and contradicting.first_day <= coalesce(other_precedence.valid_to, date 'infinity')
    where
        (ref_eet_precedence.precedence, contradicting.source_code)
        < (other_precedence.precedence, contradicting.other_source_code)

),

joined as (

    select
        service_code,
        person_key,
        conflict_code,
        source_code,
        other_source_code,
        first_day,
        case when not bool_or(last_day is null) then max(last_day) end as last_day,
        (array_agg(provision_type_code order by start_date, spell_number, other_start_date, other_spell_number))[1]
            as provision_type_code,
        (array_agg(
            other_provision_type_code order by start_date, spell_number, other_start_date, other_spell_number
        ))[1] as other_provision_type_code,
        max(days) as days
    from believed_first
    group by service_code, person_key, conflict_code, source_code, other_source_code, first_day

),

final as (

    select
        *,
        coalesce(last_day >= {{ as_at_date() }}, true) as is_open
    from joined

)

select * from final
