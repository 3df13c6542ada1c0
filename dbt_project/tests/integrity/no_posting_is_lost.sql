-- The ledger in the mart is the ledger as known: as many lines, and the same sum to the penny.
with

known as (

    select
        count(*) as lines,
        coalesce(sum(amount_gbp), 0) as amount_gbp
    from {{ ref('stg_finance__ledger_posting') }}

),

shown as (

    select
        count(*) as lines,
        coalesce(sum(amount_gbp), 0) as amount_gbp
    from {{ ref('fct_ledger_posting') }}

)

select shown.amount_gbp - known.amount_gbp as difference_gbp
from known
cross join shown
where shown.lines <> known.lines or shown.amount_gbp <> known.amount_gbp
