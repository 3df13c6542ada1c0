-- Two offences of the case system under one arrest summons number and sequence.
select
    asn,
    offence_sequence
from {{ ref('int_justice__offence_case_system') }}
where asn is not null and offence_sequence is not null
group by asn, offence_sequence
having count(*) > 1
