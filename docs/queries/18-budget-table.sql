-- The table of the budget in force as the board prints it. The two printed columns are the same money.
select
    financial_year,
    label,
    printed_staffing_costs_gbp,
    printed_payments_in_kind_gbp,
    printed_other_delegated_gbp,
    total_gbp,
    status_code
from reports.rpt_budget_table
where is_in_force
order by financial_year desc, row_number asc
