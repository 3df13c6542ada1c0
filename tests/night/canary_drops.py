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
Content = bytes | dict[str, str]  # of one file, or of several by name


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
        files = {name: content} if isinstance(content, bytes) else {k: v.encode() for k, v in content.items()}
        for file, written in files.items():
            (place / file).write_bytes(written)
        received = datetime.combine(DAY, time(20, count), LONDON)
        drop = pack(
            feed, sorted(place.iterdir()), DAY, received, True, drops, settle_seconds=0, control_totals=totals
        )
        if name == "arrests_changed_on_the_way.csv":
            (drop.folder / name).write_bytes(files[name].replace(b"OR01", b"OR02"))
    return count


def _typed(bird: Any) -> dict[str, str]:
    """Finance files in which the name was typed wherever a code belongs, in rows let in and in rows held back.

    The postings are of a period that has no control total, so that nothing is contradicted.
    """
    name, whole = bird.family, f"{bird.given} {bird.family}"

    def table(header: str, *rows: str) -> str:
        return "\n".join([header, *rows, ""])

    good = [
        "JT",
        "1",
        "2025/26",
        "14",
        "31/03/2026",
        "YJ100",
        "D5200",
        "",
        f"Placement of {whole}",
        f"{name} Cars",
        "",
        "AP",
        "ACTUAL",
        "",
        "1.00",
    ]
    typed = [[*good[:at], name, *good[at + 1 :]] for at in (4, 5, 6, 7, 10, 11, 12, 13, 14)]
    ledger = [",".join([row[0], str(number), *row[2:]]) for number, row in enumerate([good, *typed], 1)]
    second = f"2025/26,14,31/03/2026,YJ400,B3100,{name},Taxi for {whole},{name} Cars,Purchase"
    day = "31/03/2026"
    return {
        "ledger_typed.csv": table(LEDGER.replace("Supplier,", "Supplier,Supplier type,").replace("Status,", "Status,Reverses,"), *ledger),
        "ledger_rushmere_typed.csv": table(
            f"Printed for the file of {whole}", f'"{bird.address}',
            "Trans No,Line No,Fin Year,Prd,Trans Date,CC,Acct,Activity,Narrative,Vendor,Type,Net,Stat",
            f"RT,1,{second},2.00,ACT", f"RT,2,{second},2.00,{name}", f"RT,3,{second},{name},ACT",
        ),
        "planned_spending_typed.csv": table(
            "Year,Version,Cost centre,Subjective,Project,Budget", f"2026/27,{name},{name},{name},{name},3.00", f"2026/27,1,{name},D5200,,{name}",
        ),
        "budget_typed.csv": table(
            "Financial year,Version,Status,Agency,Funding stream,Programme,Staffing costs,Other delegated,Total,Printed as",
            f"2025/26,{name},{name},health,{name},{name},0,1,1,", f"2025/26,{name},{name},health,core,{name},0,1,1,",
            f"2025/26,{name},CONFIRMED,rushmere,core,{name},0,{name},1,{whole}",
        ),
        "stated_total_typed.csv": table(
            "financial_year,version,total_code,amount_gbp", f"2025/26,{name},CORE,1", f"2025/26,3,{name},1", f"{name},3,CORE,1",
        ),
        "control_total_typed.csv": table("Financial year,Period,Status,Lines,Total", f"2025/26,14,{name},2,3.00", f"{name},13,ACTUAL,1,1.00"),
        "reserve_typed.csv": table(
            "movement_id,financial_year,period,movement_date,reserve,kind,status,amount_gbp,balance_gbp,note",
            f"RT1,2025/26,12,{day},{name},USED,MADE,-1.00,,{whole}", f"RT2,2025/26,12,{day},{name},{name},{name},-1.00,,{whole}",
            f"RT3,2025/26,12,{name},{name},USED,MADE,-1.00,,{whole}",
        ),
        "grant_award_typed.csv": table(
            "grant_id,financial_year,version,contributor,programme,amount_gbp,status,start_date,end_date,confirmed_on",
            f"{name},2025/26,{name},{name},{name},5.00,{name},01/04/2025,{day},", f"{name},2025/26,1,{name},{name},{name},{name},01/04/2025,{day},",
        ),
        "grant_condition_typed.csv": table(
            "grant_id,condition_number,condition_code,due_date,met_on,wording",
            f"{name},1,{name},{day},,Report on {whole}", f"YJG-1,7777,OTHER,{day},,Report on {whole}", f"YJG-1,7778,OTHER,{name},,Report on {whole}",
        ),
        "invoice_typed.csv": table(
            "invoice_id,financial_year,contributor,funding_stream,invoiced_on,due_date,amount_gbp",
            f"{name},2025/26,{name},{name},{day},{day},5.00", f"{name}2,2025/26,{name},core,{name},{day},5.00",
        ),
        "receipt_typed.csv": table("receipt_id,invoice_id,received_on,amount_gbp", f"{name},{name},{day},5.00", f"{name}2,{name},{day},{name}"),
        "secondment_typed.csv": table(
            "secondment_id,contributor,role,whole_time_equivalent,start_date,end_date,annual_value_gbp",
            f"{name},{name},{name},0.5,01/04/2025,,5.00", f"{name}2,{name},{name},{name},01/04/2025,,5.00",
        ),
    }  # fmt: skip


def _files(bird: Any) -> list[tuple[str, str, Content, dict | None]]:
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
        ("finance", "typed", _typed(bird), None),
    ]  # fmt: skip
