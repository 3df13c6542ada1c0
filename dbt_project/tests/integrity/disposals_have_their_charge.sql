-- Disposals of the police without a charge, out-of-court disposal or court message: the result is not counted.
select disposal.record_id
from {{ ref('stg_police__disposal') }} as disposal
left join {{ ref('int_justice__offence_police') }} as offence
    on disposal.asn = offence.asn and disposal.offence_sequence = offence.offence_sequence
where offence.offence_key is null
