-- The register of indicators with the variant that the service's decisions make the default.
with

ref_indicator as (

    select * from {{ ref('ref_indicator') }}

),

final as (

    select
        indicator_id,
        variant_code,
        version,
        indicator_name,
        unit,
        scale,
        decimals,
        polarity,
        is_part,
        contributor_code,
        period_kinds,
        due_months,
        is_per_population,
        coalesce(decision_code, 'NONE') as decision_code,
        page,
        subject_code,
        told_from,
        case indicator_id
            when 'local_reoffending_rate' then variant_code = '{{ var("yos:follow_up_basis") }}'
            when 'custodial_sentences' then variant_code = '{{ var("yos:custody_share_of") }}'
            when 'cautions_within_days_of_panel' then variant_code = '{{ var("yos:panel_day_kind") }}'
            when 'suitable_eet_at_order_end' then variant_code = 'HOURS_{{ var("yos:above_school_age_hours") }}'
            else variant_code = 'DEFAULT'
        end as is_default_variant,
        'LOCAL_CMS' as source_basis,
        '{{ var("yos:service") }}' as service_code
    from ref_indicator

)

select * from final
