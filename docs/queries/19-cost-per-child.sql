-- What did a year cost for each child on the caseload, and what did the nights on remand cost?
select
    financial_year,
    spending_gbp,
    children_on_caseload,
    cost_per_child_gbp,
    remand_bed_nights,
    remand_cost_gbp,
    is_complete
from reports.rpt_unit_cost
order by financial_year
