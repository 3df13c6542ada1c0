-- What is left of each reserve, and what will be?
select
    dim_reserve.reserve_name,
    rpt_reserve_path.period_name,
    rpt_reserve_path.opening_gbp,
    rpt_reserve_path.added_gbp,
    rpt_reserve_path.used_gbp,
    rpt_reserve_path.closing_gbp,
    rpt_reserve_path.is_planned
from reports.rpt_reserve_path
inner join marts.dim_reserve on rpt_reserve_path.reserve_code = dim_reserve.reserve_code
order by dim_reserve.reserve_name, rpt_reserve_path.financial_period_key
