"""accepted + quarantined + rejected = rows in the files, whatever the file."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.door.conftest import Door, arrest, asn

CELL = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "x",
            "31/02/2012",
            "03/04/2010",
            "2010-04-03",
            "Zoë",
            'a"b',
            "a,b",
            "a\nb",
            "\x07",
            "1",
            "Y",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=6),
)
ROW = st.fixed_dictionaries(
    {"ASN": st.sampled_from([asn(1), asn(2), asn(3), ""])},
    optional={"Surname": CELL, "Date of birth": CELL, "Arrest date": CELL, "Sex": CELL, "Release type": CELL},
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.one_of(ROW, st.sampled_from(["a,b", "x" * 5, '"a"b,c'])), min_size=1, max_size=12))
def test_every_row_is_accounted_for(door: Door, rows: list) -> None:
    door.arrests(
        [row if isinstance(row, str) else arrest(9, **row) for row in rows],
        f"2025-{door.count // 28 + 1:02d}-{door.count % 28 + 1:02d}",
    )
    for report in door.load():
        assert report.rows_accepted + report.rows_quarantined + report.rows_rejected == report.rows_in_files
        held = door.query("select count(*) from quarantine.police__arrest where load_id = %s", report.load_id)
        assert held == [(report.rows_quarantined,)]
        if report.state == "rejected":
            assert not report.rows_accepted + report.rows_quarantined
        else:
            counts = report.entities[0]
            good = counts.rows_accepted - counts.rows_repeated
            assert counts.records_new + counts.records_changed + counts.records_unchanged == good
    # one current version per record, none without a start, and intervals in order
    assert (
        door.query(
            "select record_id from raw.police__arrest where recorded_to is null group by 1 having count(*) > 1"
        )
        == []
    )
