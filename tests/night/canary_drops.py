"""Deliveries that go wrong around the canary child: each quotes it where a careless error text would repeat it."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAY = date(2026, 4, 1)
ARREST = (
    "ASN,PNC ID,Forename,Surname,Date of birth,Sex,Self-defined ethnicity,Officer-observed ethnicity,"
    "Postcode,Arrest date,Station,Release type"
)
PUBLISHED = "document,indicator_id,basis,area_name,period_name,printed_value,unit,comparison_printed,note"
LEDGER = "Journal,Line,Financial year,Period,Posting date,Cost centre,Subjective,Project,Description,Supplier,Source,Status,Amount"


def damaged_drops(world: Any, folder: Path, drops: Path) -> int:
    """Pack the damaged deliveries, each as a drop of its own; returns how many.

    Args:
        world: with a canary.
        folder: scratch space for the files.
        drops: the drop store.
    """
    from yos_warehouse.sources.drop import pack

    count = 0
    for feed, name, content, totals in _files(world.canary):
        count += 1
        place = folder / str(count)
        place.mkdir(parents=True)
        (place / name).write_bytes(content)
        received = datetime.combine(DAY, time(20, count), LONDON)
        drop = pack(feed, [place / name], DAY, received, True, drops, settle_seconds=0, control_totals=totals)
        if name == "arrests_changed_on_the_way.csv":
            (drop.folder / name).write_bytes(content.replace(b"OR01", b"OR02"))
    return count


def _files(bird: Any) -> list[tuple[str, str, bytes, dict | None]]:
    """Feed, file name, content and control totals of each damaged delivery."""
    good = f"{bird.asn},{bird.pnc},{bird.given},{bird.family},{bird.birth:%d/%m/%Y},1,W1,IC1,{bird.postcode},31/03/2026,OR01,CHARGE"
    ledger = f"J269,1,2025/26,12,31/03/2026,YJ100,D5100,,Taxi for {bird.given} {bird.family},{bird.family} Cars,AP,ACTUAL,"

    def arrests(*rows: str, header: str = ARREST) -> bytes:
        return "\n".join([header, *rows, ""]).encode()

    fillers = [
        f"2600ZZ010000000{n:03d}X,,Una,Nobody,01/02/2010,2,W1,IC1,ZZ99 1AA,31/03/2026,OR01,CHARGE"
        for n in range(300)
    ]
    message = (
        '<?xml version="1.0"?><x xmlns:l="http://www.dca.gov.uk/xmlschemas/libra"><l:ResultedCaseMessage><l:Session>'
        f"<l:CourtHearing><l:Hearing><l:DateOfHearing>{bird.family}</l:DateOfHearing></l:Hearing></l:CourtHearing>"
        f"<l:Case><l:PTIURN>{bird.given}</l:PTIURN><l:Defendant><l:PersonFamilyName>{bird.family}</l:"
    )
    return [
        ("police", "arrests_wrong_encoding.csv", arrests(good.replace(bird.given, bird.given + "\xeb")).replace("\xeb".encode(), b"\xeb"), None),
        ("police", "arrests_no_header.csv", arrests(good, *fillers, header=good), None),
        ("police", "arrests_open_quote.csv", arrests(*fillers, good.replace(bird.family, f'"{bird.family}')), None),
        ("police", "arrests_fields.csv", arrests(*fillers, good.replace(bird.given, f"{bird.given},{bird.given}"), f"{bird.family}"), None),
        ("police", "arrests_signs.csv", arrests(*fillers, good.replace(bird.given, f"{bird.given}\x00\x07")), None),
        ("police", "arrests_conflict.csv", arrests(*fillers, good, good.replace("OR01", "OR02")), None),
        ("police", "arrests_slid.csv", arrests(*fillers, ",".join(good.split(",")[1:] + [bird.address]), good.replace(",1,W1,", f",{bird.family},{bird.given},")), None),
        ("police", "arrests_all_bad.csv", arrests(*(good.replace("31/03/2026", f"{bird.family} {n}") for n in range(9))), None),
        ("police", "arrests_twice_a_column.csv", arrests(good + f",{bird.address},{bird.family}", header=ARREST + ",Note,Note"), None),
        ("police", "arrests_changed_on_the_way.csv", arrests(*fillers, good), None),
        ("police", f"arrests_{bird.family}.csv", arrests(f"{good},x", header=f"{ARREST},{bird.family}"), None),
        ("police", f"arrests_{bird.family}_again.csv", arrests(f"{good},x,y", header=f"{ARREST},{bird.family},{bird.family}"), None),
        ("police", f"{bird.family}.xml", (message + "Cut").encode(), None),
        ("police", "court_broken.xml", (message + "Wrong></x>").encode(), None),
        ("police", "court_entity.xml", (f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY n "{bird.family}">]>' + "<x>&n;</x>").encode(), None),
        ("police", "court_no_message.xml", f"<{bird.family}><name>{bird.given}</name></{bird.family}>".encode(), None),
        ("education", "nccis_broken.xml", f"<NCCIS><{bird.given}>{bird.family}</NCCIS>".encode(), None),
        ("published", "published_words.csv", "\n".join([PUBLISHED, f"{bird.family},custody_rate,PNC,{bird.given} {bird.family},Jan-Dec 2025,0.14,per 1000,{bird.given} {bird.family},by {bird.family}", f"S,custody_rate,PNC,{bird.family},Jan-Dec 2025,0.14,per 100000,,{bird.given}", ""]).encode(), None),
        ("finance", "ledger_total.csv", "\n".join([LEDGER, ledger + "120.00", ""]).encode(), {"ledger_posting": {"amount_gbp": "121.00"}}),
        ("finance", "ledger_project.csv", "\n".join([LEDGER, ledger.replace("D5100,,", f"D5100,{bird.given} {bird.family},") + "1.00", ""]).encode(), None),
        ("finance", "ledger_amount.csv", "\n".join([LEDGER, ledger + "10.00", ledger.replace(",1,", ",2,", 1) + bird.family, ""]).encode(), None),
    ]  # fmt: skip
