-- The rules by which cohorts are followed: the Ministry's, the old National Indicator 19, the live tracker's, and
-- for each decision that is the service's to take the local rule with that one decision taken the other way.
{% set custody_enters_at = var('yos:custody_enters_at') %}
{% set custody_otherwise = 'SENTENCE' if custody_enters_at == 'RELEASE' else 'RELEASE' %}
{% set local_waiting = var('yos:waiting_months') %}
{% set local_rule = {
    'custody_enters_at': custody_enters_at, 'counts_on_index_date': var('yos:counts_on_index_date'),
    'counts_breach_index': var('yos:index_breaches'), 'counts_tic': var('yos:counts_tic'),
    'counts_bail_offences': var('yos:counts_bail_offences'), 'recordable_only': var('yos:recordable_only')
} %}
{% set national = {
    'custody_enters_at': 'RELEASE', 'counts_on_index_date': false, 'counts_breach_index': false,
    'counts_tic': false, 'counts_bail_offences': true, 'recordable_only': true
} %}
{% set rules = [
    ('MINISTRY', none, 3, 6, national, {}),
    ('NI19', none, 12, local_waiting, local_rule, {}),
    ('LIVE', none, 3, 0, local_rule, {}),
    ('NI19_ON_INDEX_DATE', 'DECISION_1', 12, local_waiting, local_rule,
        {'counts_on_index_date': not local_rule['counts_on_index_date']}),
    ('NI19_CUSTODY_ENTRY', 'DECISION_2', 12, local_waiting, local_rule, {'custody_enters_at': custody_otherwise}),
    ('NI19_BAIL', 'DECISION_9', 12, local_waiting, local_rule,
        {'counts_bail_offences': not local_rule['counts_bail_offences']}),
    ('NI19_TIC', 'TIC', 12, local_waiting, local_rule, {'counts_tic': not local_rule['counts_tic']}),
    ('NI19_BREACH_INDEX', 'BREACH_INDEX', 12, local_waiting, local_rule,
        {'counts_breach_index': not local_rule['counts_breach_index']}),
    ('NI19_RECORDABLE', 'RECORDABLE', 12, local_waiting, local_rule,
        {'recordable_only': not local_rule['recordable_only']}),
] %}
with

final as (

    {% for code, decision, window_every, waiting, base, changed in rules -%}
        {%- set rule = dict(base, **changed) -%}
        select
            '{{ code }}' as rule_code,
            {{ "'" ~ decision ~ "'" if decision else 'null' }}::text as decision_code,
            {{ window_every }} as window_every_months,
            {{ var('yos:follow_up_months') }} as follow_up_months,
            {{ waiting }} as waiting_months,
            '{{ rule['custody_enters_at'] }}' as custody_enters_at,
            {{ rule['counts_on_index_date'] | lower }} as counts_on_index_date,
            {{ rule['counts_breach_index'] | lower }} as counts_breach_index,
            {{ rule['counts_tic'] | lower }} as counts_tic,
            {{ rule['counts_bail_offences'] | lower }} as counts_bail_offences,
            {{ rule['recordable_only'] | lower }} as recordable_only
        {% if not loop.last -%}
            union all
        {% endif -%}
    {%- endfor %}
)

select * from final
