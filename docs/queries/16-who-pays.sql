-- Who pays which share of the core budget, and who is behind with it?
select
    rpt_funder_share.financial_year,
    rpt_funder_share.contributor_name,
    rpt_funder_share.core_gbp,
    rpt_funder_share.share_pct,
    rpt_funder_share.share_without_reserve_pct,
    rpt_contribution.due_to_date_gbp,
    rpt_contribution.received_gbp,
    rpt_contribution.overdue_gbp
from reports.rpt_funder_share
left join reports.rpt_contribution
    on
        rpt_funder_share.financial_year = rpt_contribution.financial_year
        and rpt_funder_share.contributor_key = rpt_contribution.contributor_key
order by
    rpt_funder_share.financial_year desc,
    rpt_funder_share.core_gbp desc,
    rpt_funder_share.contributor_name asc
