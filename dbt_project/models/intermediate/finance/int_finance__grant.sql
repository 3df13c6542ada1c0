-- Grants by year, every version of the award, with their key; the newest version of a grant's year is in force.
-- Also which award tells of a grant as a whole: that of its newest year.
with

grant_award as (

    select * from {{ ref('stg_finance__grant_award') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}
    where feed = 'finance' and entity = 'grant_award'

),

contributor as (

    select * from {{ ref('int_finance__contributor') }}

),

map_programme as (

    select * from {{ ref('map_programme') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by grant_id, financial_year
            order by {{ version_order('version') }} desc, version desc, record_id
        ) as version_number_from_newest,
        row_number() over (
            partition by grant_id
            order by financial_year desc, {{ version_order('version') }} desc, version desc, record_id
        ) as award_number_from_newest
    from grant_award

),

final as (

    select
        ranked.service_code,
        record_link.record_key as grant_key,
        ranked.grant_id,
        coalesce(contributor.contributor_key, '-1') as contributor_key,
        coalesce(map_programme.programme_code, 'UNMAPPED') as programme_code,
        ranked.financial_year,
        ranked.version as grant_version,
        ranked.version_number_from_newest = 1 as is_in_force,
        ranked.award_number_from_newest = 1 as is_newest_award,
        {{ one_of('ranked.status', ['CONFIRMED', 'INDICATIVE']) }} as status_code,
        ranked.start_date,
        ranked.end_date,
        ranked.confirmed_on as confirmed_date,
        ranked.amount_gbp
    from ranked
    left join contributor on ranked.contributor = contributor.contributor_key
    left join map_programme on coalesce(ranked.programme, upper(ranked.contributor)) = map_programme.code
    left join record_link on ranked.record_id = record_link.source_id

)

select * from final
