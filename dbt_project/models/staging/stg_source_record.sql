-- Every event that needs a key of its own: identity mints one for each it has not seen. What is gone again is among
-- them, or the past would have events without a key.
with

final as (

    {% for feed, entity in [
        ('case_system', 'offence'),
        ('case_system', 'offence_outcome'),
        ('case_system', 'intervention_programme'),
        ('case_system', 'hearing'),
        ('police', 'charge'),
        ('police', 'disposal'),
        ('police', 'out_of_court_disposal'),
        ('police', 'court_message'),
        ('police', 'court_offence'),
        ('police', 'court_result'),
        ('finance', 'budget_line'),
        ('finance', 'planned_spending'),
        ('finance', 'ledger_posting'),
        ('finance', 'reserve_movement'),
        ('finance', 'grant_award'),
        ('finance', 'grant_condition'),
        ('finance', 'contribution_invoice'),
        ('finance', 'contribution_receipt'),
        ('finance', 'secondment'),
        ('published', 'value'),
    ] -%}
        select distinct
            service_code,
            '{{ feed }}' as feed,
            '{{ entity }}' as entity,
            record_id as source_id
        from {{ ever_recorded(source('raw', feed ~ '__' ~ entity)) }} as ever
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
