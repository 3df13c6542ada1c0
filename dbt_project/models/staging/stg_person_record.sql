-- Every version of each source record that names a person: what identity compares to say who is who, as it was
-- known day by day. Children withdrawn at the source are among them: what the police send of such a child must be
-- known as that child's, or it would come back as a new one. The next layer leaves them out.
with

every_version as (

    {% set person = {
        'given_name': 'given_name', 'family_name': 'family_name', 'date_of_birth': 'date_of_birth', 'sex': 'sex',
        'pnc_id': none, 'asn': none, 'upn': none, 'former_upn': none, 'uln': none, 'nhs_number': none,
        'postcode': none, 'street': none, 'school': none, 'own_id': none, 'is_protected': none,
    } -%}
    {% for feed, entity, has in [
        ('police', 'arrest', {'pnc_id': 'pnc_id', 'asn': 'asn', 'postcode': 'postcode', 'street': 'address'}),
        ('police', 'court_message', {
            'pnc_id': 'pnc_id', 'asn': 'asn', 'postcode': "regexp_replace(address, '^.*,', '')", 'street': 'address',
        }),
        ('police', 'pnc_check', {'pnc_id': 'pnc_id', 'sex': none}),
        ('education', 'young_person', {
            'upn': 'upn', 'uln': 'uln', 'postcode': 'postcode', 'own_id': "'education|' || young_person_id",
        }),
        ('education', 'census_pupil', {
            'upn': 'upn', 'former_upn': 'former_upn', 'uln': 'uln', 'school': 'school_id',
        }),
        ('education', 'census_leaver', {'upn': 'upn', 'school': 'school_id'}),
        ('education', 'transfer_pupil', {
            'upn': 'upn', 'former_upn': 'former_upn', 'uln': 'uln', 'school': 'source_school',
        }),
        ('education', 'ehc_plan', {'upn': 'upn', 'sex': none}),
    ] -%}
        select
            service_code,
            '{{ feed }}' as feed,
            '{{ entity }}' as entity,
            record_id as source_id,
            load_id,
            {% for name, column in dict(person, **has).items() -%}
                {{ column or 'null::text' }} as {{ name }},
            {% endfor -%}
            recorded_from,
            recorded_to
        from {{ ever_recorded(source('raw', feed ~ '__' ~ entity)) }} as ever
        union all
    {% endfor -%}
    select
        service_code,
        'case_system' as feed,
        entity,
        record_id as source_id,
        load_id,
        given_name,
        family_name,
        date_of_birth,
        sex,
        pnc_id,
        null as asn,
        upn,
        null as former_upn,
        uln,
        nhs_number,
        postcode,
        address_line as street,
        null as school,
        'case_system|' || person_id as own_id,
        is_protected,
        recorded_from,
        recorded_to
    from {{ ref('stg_case_system__person_version') }}

),

final as (

    select
        service_code,
        feed,
        entity,
        source_id,
        load_id,
        {{ read_person_name('given_name') }} as given_name,
        {{ read_person_name('family_name') }} as family_name,
        {{ read_date('date_of_birth') }} as date_of_birth,
        {{ read_sex('sex') }} as sex,
        {{ read_postcode('postcode') }} as postcode,
        {{ read_street('street') }} as street,
        {{ read_text('school') }} as school,
        {{ read_pnc('pnc_id') }} as pnc_id,
        {{ read_full_asn('asn') }} as asn,
        {{ read_upn('upn') }} as upn,
        {{ read_upn('former_upn') }} as former_upn,
        {{ read_uln('uln') }} as uln,
        {{ read_nhs('nhs_number') }} as nhs_number,
        own_id,
        case when feed = 'case_system' then coalesce({{ read_boolean('is_protected') }}, false) end as is_protected,
        recorded_from,
        recorded_to
    from every_version

)

select * from final
