-- Sentencing occasions as cases of the custody figures; for the share of those who appeared, hearings beside them.
with

sentencing_occasion as (

    select * from {{ ref('int_justice__sentencing_occasion') }}

),

hearing as (

    select * from {{ ref('int_justice__hearing') }}

),

occasions as (

    select
        figures.indicator_id,
        figures.variant_code,
        'OUTCOME/' || sentencing_occasion.occasion_key as case_key,
        sentencing_occasion.outcome_date as case_date,
        sentencing_occasion.person_key,
        sentencing_occasion.geography_key,
        sentencing_occasion.occasion_key as fact_key,
        sentencing_occasion.outcome_date as fact_date,
        case when sentencing_occasion.is_custody then 1 else 0 end::numeric as numerator,
        1::numeric as denominator,
        sentencing_occasion.is_counted as is_in,
        {{ reason_out(
            'sentencing_occasion.is_counted', 'sentencing_occasion.residence_code',
            'sentencing_occasion.age_for_measures'
        ) }} as reason_code
    from sentencing_occasion
    cross join (
        values
        ('custody_rate', 'DEFAULT'),
        ('custodial_sentences', 'CHILDREN'),
        ('custodial_sentences', 'OCCASIONS'),
        ('custodial_sentences', 'APPEARED')
    ) as figures (indicator_id, variant_code)

),

appearances as (

    select
        'custodial_sentences' as indicator_id,
        'APPEARED' as variant_code,
        'HEARING/' || hearing_key as case_key,
        hearing_date as case_date,
        person_key,
        geography_key,
        hearing_key as fact_key,
        hearing_date as fact_date,
        0::numeric as numerator,
        1::numeric as denominator,
        is_counted as is_in,
        {{ reason_out('is_counted', 'residence_code', 'age_at_hearing') }} as reason_code
    from hearing
    where person_key > 0

),

final as (

    select * from occasions
    union all
    select * from appearances

)

select * from final
