-- Where will the year end? Of the service: budget, spent, ordered, and two forecasts that are no predictions.
select
    financial_year,
    item_name,
    to_period,
    budget_gbp,
    budget_to_date_gbp,
    actual_gbp,
    commitment_gbp,
    variance_to_date_gbp,
    forecast_straight_line_gbp,
    forecast_last_year_gbp,
    is_indicative
from reports.rpt_financial_position
where breakdown_code = 'SERVICE'
order by financial_year desc, row_order asc
