"""One large arrests file for the benchmark, streamed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from yos_warehouse.fictional import codes, people
from yos_warehouse.fictional.identifiers import POLICE_ALPHABET
from yos_warehouse.fictional.police_files import LAYOUT


def write_police_rows(
    out: Path, rows: int = 500_000, *, seed: int = 1, changed_every: int = 0, bad_every: int = 0
) -> Path:
    """Write an arrests CSV of ``rows`` rows in the layout of the contract; each row is FICTIONAL.

    Args:
        out: the file.
        rows: number of rows.
        seed: same seed, same bytes.
        changed_every: every n-th row with another release type than without (100: one per cent changed).
        bad_every: every n-th row with an arrest date nobody can read.
    """
    source = people.rng(seed, "bulk")
    boys = [(g, f) for g in people.GIVEN_MALE for f in (people.family_name(source) for _ in range(20))]
    given_family = [f"{g},{f}" for g, f in boys]
    # 10 to 17 years old on each of the days
    births = [f"{date(2008, 4, 1) + timedelta(days=n):%d/%m/%Y}" for n in range(0, 1090, 3)]
    days = [f"{date(2021, 4, 1) + timedelta(days=n):%d/%m/%Y}" for n in range(1800)]
    streets = [people.street(source) for _ in range(500)]
    titles = [offence.title.replace(",", "") for offence in codes.OFFENCES]
    ethnic = [f"{code},{row[3]}" for code, row in codes.ETHNICITIES.items()]
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.write(",".join(LAYOUT["police_arrest"][1]) + "\n")
        block: list[str] = []
        for n in range(rows):
            day = days[n % 1800]
            year = int(day[8:])
            asn_letter = POLICE_ALPHABET[int(f"1{year:02d}{n:011d}") % 23]  # force 00, system 01
            pnc_year, serial = 2090 + n % 10, n * 7919 % 10_000_000
            pnc_letter = POLICE_ALPHABET[((pnc_year - 2000) * 10_000_000 + serial) % 23]
            release = codes.RELEASE_TYPES[(n + (1 if changed_every and n % changed_every == 0 else 0)) % 5]
            when = "31/02/2026" if bad_every and n % bad_every == 0 else day
            block.append(
                f"{year:02d}00YJ01{n:011d}{asn_letter},{pnc_year}/{serial:07d}{pnc_letter},"
                f"{given_family[n % len(given_family)]},{births[n % len(births)]},{1 + (n % 7 == 0)},"
                f"{ethnic[n % len(ethnic)]},{streets[n % len(streets)]},ZZ99 {n % 6 + 1}AA,ZZ/{n:07d},{when},"
                f"{n % 24:02d}:{n % 60:02d},{titles[n % len(titles)]},{codes.STATIONS[n % 3]},"
                f"{'YN'[n % 30 == 0]},{codes.APPROPRIATE_ADULTS[n % 4]},{release}\n"
            )
            if len(block) == 10_000:
                file.write("".join(block))
                block.clear()
        file.write("".join(block))
    return out
