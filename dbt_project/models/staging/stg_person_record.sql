-- Every version of each source record that names a person: what identity compares to say who is who, as it was
-- known day by day. Children withdrawn at the source are among them: what the police send of such a child must be
-- known as that child's, or it would come back as a new one. The next layer leaves them out.
with

every_version as (

    {% for feed, entity, pnc_id, upn in [
        ('case_system', 'person', 'pnc_id', 'upn'),
        ('police', 'arrest', 'pnc_id', 'null::text'),
        ('police', 'court_message', 'pnc_id', 'null::text'),
        ('police', 'pnc_check', 'pnc_id', 'null::text'),
        ('education', 'young_person', 'null::text', 'upn'),
        ('education', 'census_pupil', 'null::text', 'upn'),
        ('education', 'census_leaver', 'null::text', 'upn'),
        ('education', 'transfer_pupil', 'null::text', 'upn'),
        ('education', 'ehc_plan', 'null::text', 'upn'),
    ] -%}
        select
            service_code,
            '{{ feed }}' as feed,
            '{{ entity }}' as entity,
            record_id as source_id,
            {{ pnc_id }},
            {{ upn }},
            given_name,
            family_name,
            date_of_birth,
            recorded_from,
            recorded_to
        from {{ ever_recorded(source('raw', feed ~ '__' ~ entity)) }} as ever
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        service_code,
        feed,
        entity,
        source_id,
        {{ read_pnc('pnc_id') }} as pnc_id,
        {{ read_upn('upn') }} as upn,
        {{ read_name('given_name') }} as given_name,
        {{ read_name('family_name') }} as family_name,
        {{ read_date('date_of_birth') }} as date_of_birth,
        recorded_from,
        recorded_to
    from every_version

)

select * from final
