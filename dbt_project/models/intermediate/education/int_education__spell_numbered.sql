-- Every spell of education, employment and training of known children, whoever told it, with the number that tells
-- apart spells of one witness that begin on one day. A spell that ends before it starts is left out.
with

child as (

    select * from {{ ref('int_justice__child') }}

),

told as (

    {% for witness in ['case_system', 'school', 'participation'] -%}
        select * from {{ ref('int_education__spell_' ~ witness) }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {%- endfor %}
),

final as (

    select
        told.*,
        row_number() over (
            partition by told.person_key, told.source_code, told.start_date
            order by told.record_id
        )::integer as spell_number,
        child.date_of_birth,
        child.service_code
    from told
    inner join child on told.person_key = child.person_key
    where told.end_date is null or told.end_date >= told.start_date

)

select * from final
