-- Remand episodes, their nights and the decisions of courts as cases of the remand figures.
with

remand_episode as (

    select * from {{ ref('int_justice__remand_episode') }}

),

remand_night as (

    select * from {{ ref('int_justice__remand_night') }}

),

hearing as (

    select * from {{ ref('int_justice__hearing') }}

),

episodes as (

    select
        figures.indicator_id,
        'DEFAULT' as variant_code,
        'HEARING/' || remand_episode.episode_key as case_key,
        case
            when figures.indicator_id = 'long_remands_without_custody' then remand_episode.end_date
            else remand_episode.start_date
        end as case_date,
        remand_episode.person_key,
        remand_episode.geography_key,
        remand_episode.episode_key as fact_key,
        remand_episode.start_date as fact_date,
        1::numeric as numerator,
        0::numeric as denominator,
        remand_episode.is_counted as is_in,
        {{ reason_out(
            'remand_episode.is_counted', 'remand_episode.residence_code', 'remand_episode.age_at_start'
        ) }} as reason_code
    from remand_episode
    inner join (
        values ('remand_episodes'), ('children_remanded'), ('long_remands_without_custody')
    ) as figures (indicator_id)
        on figures.indicator_id <> 'long_remands_without_custody' or remand_episode.is_long_without_custody
    where remand_episode.remand_class_code = 'YDA'

),

nights as (

    select
        'remand_bed_nights' as indicator_id,
        'DEFAULT' as variant_code,
        'HEARING/' || remand_night.episode_key || '/' || remand_night.quarter_start as case_key,
        remand_night.quarter_start as case_date,
        remand_episode.person_key,
        remand_episode.geography_key,
        remand_night.episode_key as fact_key,
        remand_episode.start_date as fact_date,
        remand_night.nights::numeric as numerator,
        0::numeric as denominator,
        remand_episode.is_counted as is_in,
        {{ reason_out(
            'remand_episode.is_counted', 'remand_episode.residence_code', 'remand_episode.age_at_start'
        ) }} as reason_code
    from remand_night
    inner join remand_episode on remand_night.episode_key = remand_episode.episode_key
    where remand_episode.remand_class_code = 'YDA'

),

decisions as (

    select
        'remand_secure_share' as indicator_id,
        'DEFAULT' as variant_code,
        'HEARING/' || hearing_key as case_key,
        hearing_date as case_date,
        person_key,
        geography_key,
        hearing_key as fact_key,
        hearing_date as fact_date,
        case when remand_class_code = 'YDA' then 1 else 0 end::numeric as numerator,
        1::numeric as denominator,
        is_counted as is_in,
        {{ reason_out('is_counted', 'residence_code', 'age_at_hearing') }} as reason_code
    from hearing
    where is_decision_of_day and remand_class_code in ('YDA', 'RLAA', 'CONDITIONAL_BAIL')

),

final as (

    select * from episodes
    union all
    select * from nights
    union all
    select * from decisions

)

select * from final
