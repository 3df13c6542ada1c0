"""Values: figures that are frozen when they are first published due, with who stood behind them."""

from __future__ import annotations

from psycopg2.extensions import cursor as Cursor

# The columns that a value takes over from its figure.
FIGURE_COLUMNS = (
    "indicator_id", "variant_code", "period_code", "geography_level", "geography_code", "numerator", "denominator",
    "value", "interval_low", "interval_high", "population_10_17", "population_mid_year", "population_released_on",
    "due_date", "is_due", "source_basis", "service_code",
)  # fmt: skip

_VALUES = """
insert into marts.fct_indicator_value ({columns}, version, as_at, publication_id)
select {figure_columns}, i.version, p.as_at, p.publication_id
from marts.fct_indicator_latest as l
inner join marts.publication as p on p.publication_id = %s
-- an indicator that is not described has no version: the empty column refuses it
left join marts.dim_indicator as i using (indicator_id, variant_code)
where l.is_due
    and not exists (
        select from marts.fct_indicator_value as v
        where v.indicator_id = l.indicator_id and v.variant_code = l.variant_code and v.version = i.version
            and v.period_code = l.period_code
            and v.geography_level = l.geography_level and v.geography_code = l.geography_code
    )
"""

_CASES = """
insert into restricted.published_case (
    indicator_id, variant_code, version, period_code, contributor_key, case_key, case_date, person_key, case_reference,
    geography_key, fact_key, fact_date, numerator, denominator, is_in, reason_code, publication_id, service_code
)
select
    indicator_id, variant_code, version, period_code, f.contributor_key, f.case_key, f.case_date, f.person_key,
    f.case_reference, f.geography_key, f.fact_key, f.fact_date, f.numerator, f.denominator, f.is_in, f.reason_code,
    v.publication_id, f.service_code
from marts.fct_indicator_value as v
inner join restricted.figure_contributor as f using (indicator_id, variant_code, version, period_code)
where v.publication_id = %s and v.geography_level = 'SERVICE'
"""


def freeze(cursor: Cursor, publication_id: int) -> int:
    """Copy every figure that is due and has no value yet, and the contributors of those of the whole service.

    A figure of ten years ago is due the first time it is there, and its value then carries the as-at day of that
    publication. Another version of a definition gives new values beside the old ones.

    Args:
        cursor: as publisher, in the publication's transaction, after the tables of children were written.
        publication_id: the publication of children.

    Returns:
        Values written; 0 also in a warehouse that has no figures.
    """
    cursor.execute("select to_regclass('restricted.figure_contributor') is not null")
    if cursor.fetchone() != (True,):
        return 0
    names = ", ".join(FIGURE_COLUMNS)
    figure = ", ".join(f"l.{name}" for name in FIGURE_COLUMNS)
    cursor.execute(_VALUES.format(columns=names, figure_columns=figure), (publication_id,))
    frozen = cursor.rowcount
    if frozen:
        cursor.execute(_CASES, (publication_id,))
    return frozen
