-- One page for the board from the two units' reports. Runs as role yos_owner.
-- With the reader's own rights: the view opens nothing that its two tables do not.

create view reports.rpt_local_indicators with (security_invoker = true) as
select
    indicator_id, indicator_name, unit_of_value, polarity, target, target_value, target_confidence, period_label, as_at,
    numerator, denominator, value, last_year_numerator, last_year_denominator, last_year_value,
    numerator_shown, denominator_shown, value_shown,
    last_year_numerator_shown, last_year_denominator_shown, last_year_value_shown,
    direction_words, against_target, note, row_order, source_basis, service_code
from reports.rpt_local_indicator_children
union all
select
    indicator_id, indicator_name, unit_of_value, polarity, target, target_value, target_confidence, period_label, as_at,
    numerator, denominator, value, last_year_numerator, last_year_denominator, last_year_value,
    numerator_shown, denominator_shown, value_shown,
    last_year_numerator_shown, last_year_denominator_shown, last_year_value_shown,
    direction_words, against_target, note, row_order, source_basis, service_code
from reports.rpt_local_indicator_finance;

comment on view reports.rpt_local_indicators is 'The local indicators of the board and the finance line, each as last published: a held unit shows its earlier as-at date.';
comment on column reports.rpt_local_indicators.indicator_id is 'Name of the indicator';
comment on column reports.rpt_local_indicators.as_at is 'What was known by the end of this day; may differ between the units';
comment on column reports.rpt_local_indicators.value_shown is 'As shown, rounded half up; c hides a number that gives somebody away';
comment on column reports.rpt_local_indicators.row_order is 'Order on the page';

-- finance and practitioners each read the table of their own side
grant select on reports.rpt_local_indicators to yos_publisher, yos_analyst;
