-- How fresh are the figures?
with

newest as (

    select distinct on (unit)
        unit,
        as_at,
        published_at,
        data_dates
    from marts.publication
    order by unit asc, publication_id desc

)

select
    newest.unit,
    newest.as_at,
    feed.key as feed,
    feed.value as data_date
from newest
cross join lateral jsonb_each_text(newest.data_dates) as feed
order by newest.unit, feed.key
