-- Programmes, with the funding stream that pays for them.
select
    programme_code,
    programme_name,
    funding_stream_code
from {{ ref('ref_programme') }}
