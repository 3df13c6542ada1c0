-- The child's own record and its aliases in every version recorded by the end of the as-at day, each with where the
-- child lived as known then. A version is cut where one of an address begins or ends, and where the person's own does
-- under an alias: one row per record and moment.
with

person as (

    select * from {{ ever_recorded(source('raw', 'case_system__person')) }} as ever

),

alias as (

    select * from {{ ever_recorded(source('raw', 'case_system__person_name')) }} as ever

),

residence as (

    select
        service_code,
        record_id,
        {{ read_text('person_id') }} as person_id,
        {{ read_date('start_date') }} as start_date,
        address_line,
        postcode,
        recorded_from,
        recorded_to
    from {{ ever_recorded(source('raw', 'case_system__residence')) }} as ever

),

moment as (

    select
        service_code,
        person_id,
        recorded_from as moment
    from residence
    union
    select
        service_code,
        person_id,
        recorded_to as moment
    from residence
    where recorded_to < {{ as_at_end() }}

),

person_start as (

    select
        service_code,
        record_id,
        recorded_from as version_from,
        recorded_from as cut_from
    from person
    union
    select
        person.service_code,
        person.record_id,
        person.recorded_from as version_from,
        moment.moment as cut_from
    from person
    inner join moment
        on
            person.service_code = moment.service_code
            and person.record_id = moment.person_id
            and person.recorded_from < moment.moment
            and (person.recorded_to is null or person.recorded_to > moment.moment)

),

person_cut as (

    select
        person.*,
        person_start.cut_from,
        coalesce(
            lead(person_start.cut_from) over (
                partition by person_start.service_code, person_start.record_id, person_start.version_from
                order by person_start.cut_from
            ),
            person.recorded_to
        ) as cut_to
    from person_start
    inner join person
        on
            person_start.service_code = person.service_code
            and person_start.record_id = person.record_id
            and person_start.version_from = person.recorded_from

),

-- Of several addresses known at a moment the one that began last.
person_at_home as (

    select distinct on (person_cut.service_code, person_cut.record_id, person_cut.cut_from)
        person_cut.*,
        residence.address_line,
        residence.postcode
    from person_cut
    left join residence
        on
            person_cut.service_code = residence.service_code
            and person_cut.record_id = residence.person_id
            and person_cut.cut_from >= residence.recorded_from
            and (residence.recorded_to is null or person_cut.cut_from < residence.recorded_to)
    order by
        person_cut.service_code asc, person_cut.record_id asc, person_cut.cut_from asc,
        residence.start_date desc nulls last, residence.record_id desc

),

final as (

    select
        service_code,
        'person' as entity,
        record_id,
        load_id,
        record_id as person_id,
        given_name,
        family_name,
        date_of_birth,
        sex,
        pnc_id,
        upn,
        uln,
        nhs_number,
        is_protected,
        address_line,
        postcode,
        cut_from as recorded_from,
        cut_to as recorded_to
    from person_at_home
    union all
    select
        alias.service_code,
        'person_name' as entity,
        alias.record_id,
        alias.load_id,
        person_at_home.record_id as person_id,
        alias.given_name,
        alias.family_name,
        person_at_home.date_of_birth,
        person_at_home.sex,
        person_at_home.pnc_id,
        person_at_home.upn,
        person_at_home.uln,
        person_at_home.nhs_number,
        person_at_home.is_protected,
        person_at_home.address_line,
        person_at_home.postcode,
        greatest(alias.recorded_from, person_at_home.cut_from) as recorded_from,
        least(alias.recorded_to, person_at_home.cut_to) as recorded_to
    from alias
    inner join person_at_home
        on
            alias.service_code = person_at_home.service_code
            and {{ read_text('alias.person_id') }} = person_at_home.record_id
            and alias.recorded_from < coalesce(person_at_home.cut_to, 'infinity')
            and person_at_home.cut_from < coalesce(alias.recorded_to, 'infinity')

)

select * from final
