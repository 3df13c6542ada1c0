-- Activities of the participation extract: one spell per activity. It ends the day before the young person's next
-- activity, or when what is known of it lapses; from then on nothing is known. An activity that is not known, or that
-- no list maps, is no spell and ends the one before.
with

activity as (

    select * from {{ ref('stg_education__young_person_activity') }}

),

linked_record as (

    select * from {{ ref('int_education__linked_record') }}

),

map_provision as (

    select *
    from {{ ref('map_provision') }}
    where scheme = 'NCCIS'

),

code_nccis_activity as (

    select * from {{ ref('code_nccis_activity') }}

),

-- two activities of one day have the same next one
followed as (

    select
        *,
        min(activity_start_date) over (
            partition by young_person_id
            order by activity_start_date
            groups between 1 following and unbounded following
        ) as next_start_date
    from activity
    where activity_start_date is not null

),

-- the link stays when the young person is no longer in the extract
final as (

    select
        linked_record.person_key,
        'PARTICIPATION' as source_code,
        followed.record_id,
        followed.activity_start_date as start_date,
        least(followed.next_start_date - 1, followed.activity_valid_until) as end_date,
        false as is_end_estimated,
        coalesce(
            followed.activity_valid_until < {{ as_at_date() }}
            and coalesce(followed.next_start_date, date 'infinity') > followed.activity_valid_until + 1,
            false
        ) as is_lapsed,
        code_nccis_activity.is_eet,
        map_provision.provision_type_code,
        null::numeric(5, 2) as hours_offered,
        null::numeric(5, 2) as hours_attended,
        'UNKNOWN' as suitability_code
    from followed
    inner join linked_record
        on
            followed.young_person_id = linked_record.record_id
            and linked_record.entity = 'young_person'
    inner join code_nccis_activity on followed.activity_code = code_nccis_activity.code
    inner join map_provision
        on
            followed.activity_code = map_provision.source_code
            and followed.activity_start_date >= coalesce(map_provision.valid_from, date '-infinity')
            and followed.activity_start_date <= coalesce(map_provision.valid_to, date 'infinity')
    where code_nccis_activity.activity_group <> 'NOT_KNOWN'

)

select * from final
