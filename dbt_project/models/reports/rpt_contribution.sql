-- What each partner owes: due by the budget, invoiced, received and outstanding. A payment counts for the invoice it
-- names; a credit note names none and takes from the oldest open invoice first.
with

contribution as (

    select *
    from {{ ref('fct_contribution') }}
    where step_code = 'DUE' or step_date <= {{ as_at_date() }}

),

steps as (

    select
        financial_year,
        contributor_key,
        sum(amount_gbp) filter (where step_code = 'DUE') as due_full_year_gbp,
        sum(amount_gbp) filter (where step_code = 'DUE' and step_date <= {{ as_at_date() }}) as due_to_date_gbp,
        sum(amount_gbp) filter (where step_code = 'INVOICED') as invoiced_gbp,
        sum(amount_gbp) filter (where step_code = 'RECEIVED') as received_gbp
    from contribution
    group by financial_year, contributor_key

),

received as (

    select
        invoice_key,
        sum(amount_gbp) as received_gbp
    from contribution
    where step_code = 'RECEIVED'
    group by invoice_key

),

invoice as (

    select
        contribution.financial_year,
        contribution.contributor_key,
        contribution.invoice_key,
        contribution.payment_due_date,
        contribution.amount_gbp - coalesce(received.received_gbp, 0) as open_gbp
    from contribution
    left join received on contribution.invoice_key = received.invoice_key
    where contribution.step_code = 'INVOICED'

),

-- credit notes and what was paid too much
credit as (

    select
        financial_year,
        contributor_key,
        sum(open_gbp) as credit_gbp
    from invoice
    where open_gbp < 0
    group by financial_year, contributor_key

),

-- what of each invoice is open when credit is set against the oldest
still_open as (

    select
        invoice.financial_year,
        invoice.contributor_key,
        invoice.payment_due_date,
        greatest(0, least(
            invoice.open_gbp,
            coalesce(credit.credit_gbp, 0) + sum(invoice.open_gbp) over (
                partition by invoice.financial_year, invoice.contributor_key
                order by invoice.payment_due_date, invoice.open_gbp, invoice.invoice_key
            )
        )) as open_gbp
    from invoice
    left join credit
        on
            invoice.financial_year = credit.financial_year
            and invoice.contributor_key = credit.contributor_key
    where invoice.open_gbp > 0

),

overdue as (

    select
        financial_year,
        contributor_key,
        sum(open_gbp) as overdue_gbp,
        sum(open_gbp) filter (where {{ as_at_date() }} - payment_due_date >= 30) as overdue_30_days_gbp,
        sum(open_gbp) filter (where {{ as_at_date() }} - payment_due_date >= 90) as overdue_90_days_gbp,
        min(payment_due_date) as oldest_due_date
    from still_open
    where payment_due_date < {{ as_at_date() }} and open_gbp > 0
    group by financial_year, contributor_key

),

final as (

    select
        steps.financial_year,
        steps.contributor_key,
        coalesce(steps.due_full_year_gbp, 0)::numeric(14, 2) as due_full_year_gbp,
        coalesce(steps.due_to_date_gbp, 0)::numeric(14, 2) as due_to_date_gbp,
        coalesce(steps.invoiced_gbp, 0)::numeric(14, 2) as invoiced_gbp,
        coalesce(steps.received_gbp, 0)::numeric(14, 2) as received_gbp,
        (coalesce(steps.invoiced_gbp, 0) - coalesce(steps.received_gbp, 0))::numeric(14, 2) as outstanding_gbp,
        greatest(0, coalesce(steps.due_to_date_gbp, 0) - coalesce(steps.invoiced_gbp, 0))::numeric(14, 2)
            as not_invoiced_gbp,
        coalesce(overdue.overdue_gbp, 0)::numeric(14, 2) as overdue_gbp,
        coalesce(overdue.overdue_30_days_gbp, 0)::numeric(14, 2) as overdue_30_days_gbp,
        coalesce(overdue.overdue_90_days_gbp, 0)::numeric(14, 2) as overdue_90_days_gbp,
        overdue.oldest_due_date,
        '{{ var("yos:service") }}' as service_code
    from steps
    left join overdue
        on
            steps.financial_year = overdue.financial_year
            and steps.contributor_key = overdue.contributor_key

)

select * from final
