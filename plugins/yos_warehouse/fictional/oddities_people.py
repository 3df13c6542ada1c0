"""Oddities of who a child is: duplicates, aliases, identifiers, birth dates, twins, withdrawals.

Each function tells one oddity of domain.md 2.8 and returns its handle; its docstring says what is odd.
"""

from __future__ import annotations

from datetime import date

from yos_warehouse.fictional import identifiers, people
from yos_warehouse.fictional.lives import DAY, OPEN_END, Spell
from yos_warehouse.fictional.stage import OFFENCE, Oddity, Stage


def duplicate_person(stage: Stage) -> Oddity:
    """The same child twice in the case system: once with the same PNC id in another form, once with a typing
    error in the name and no PNC id."""
    children = []
    for style in ("pnc", "typo"):
        first = stage.child(15)
        stage.learns(first)
        stage.simple(first, 300, "YOUTH_CAUTION")
        same_name = (
            first.family if style == "pnc" else first.family[:-2] + first.family[-1] + first.family[-2]
        )
        second = stage.child(
            15,
            birth=first.birth,
            given=first.given,
            family=same_name,
            pnc=first.pnc,
            upn=first.upn,
            uln=first.uln,
        )
        second.police_known_as = {"given": first.given, "family": first.family}
        stage.simple(second, 120, "REFERRAL_ORDER", "CD71039", order_weeks=13)
        told = stage.book.versions("person", second.ref)[-1].known_at
        pnc = identifiers.pnc_variant(first.pnc, "lower") if style == "pnc" else None
        stage.book.change("person", second.ref, told, pnc=pnc, upn=None, uln=None, nhs_number=None)
        children += [first.ref, second.ref]
    return Oddity(
        "duplicate_person", tuple(children), {}, (), "numbers 1 and 2 are one child, 3 and 4 another"
    )


def alias(stage: Stage) -> Oddity:
    """The police know the child under another name, which the case system has as an alias."""
    life = stage.child(14, sex="2")
    stage.learns(life)
    life.police_known_as = {"given": "Kit", "family": "Marlowecroft"}
    stage.simple(life, 150, "YOUTH_CONDITIONAL_CAUTION", order_weeks=12)
    ref = life.alias("Kit", "Marlowecroft", stage.ago(120))
    return Oddity("alias", (life.ref,), {"name": (ref,)}, (stage.ago(120),), "arrested under the alias")


def bad_pnc_form(stage: Stage) -> Oddity:
    """PNC ids as people type them; the last one has a wrong check letter."""
    children, pncs = [], []
    for style in ("short", "bare", "lower", "spaced", "invalid"):
        life = stage.child(16)
        stage.learns(life)
        stage.simple(life, 100, "YOUTH_CAUTION")
        told = stage.book.versions("person", life.ref)[-1].known_at
        pncs.append(identifiers.pnc_variant(life.pnc, style))
        stage.book.change("person", life.ref, told, pnc=pncs[-1])
        children.append(life.ref)
    return Oddity(
        "bad_pnc_form", tuple(children), {"pnc": tuple(pncs)}, (), "short, bare, lower, spaced, invalid"
    )


def day_month_swap(stage: Stage) -> Oddity:
    """The police have day and month of birth the wrong way round."""
    birth = date(stage.setting.night0.year - 15, 4, 3)
    life = stage.child(birth=birth)
    stage.learns(life)
    life.police_known_as = {"birth": date(birth.year, 3, 4)}
    arrest, _, _ = stage.simple(life, 90, "YOUTH_CAUTION")
    return Oddity(
        "day_month_swap", (life.ref,), {"asn": (arrest.asn,)}, (), "3 April here, 4 March at the force"
    )


def leap_day_birthday(stage: Stage) -> Oddity:
    """Born on 29 February; turns a year older on 1 March in other years. One outcome on 28 February, one on
    1 March."""
    year = stage.setting.night0.year - 14
    year -= year % 4
    life = stage.child(birth=date(year, 2, 29))
    stage.learns(life)
    outcomes: list[str] = []
    for decided in (date(stage.setting.night0.year, 2, 28), date(stage.setting.night0.year, 3, 1)):
        arrest = life.arrested(decided - 30 * DAY, [(OFFENCE["CD71039"], decided - 30 * DAY)], "OOCD")
        ref = life._next("X")
        for one in arrest.offences:
            stage.book.put(
                "legal_outcome", ref, decided + 2 * DAY, outcome_ref=ref, offence_ref=one.ref,
                outcome_date=decided, legal_outcome="YOUTH_CAUTION", appeal_status=None,
                residence_at_outcome="LOCAL", hearing_ref=None, is_substantive_flag=True,
            )  # fmt: skip
            stage.book.put(
                "police_oocd", (arrest.asn, one.sequence), decided + 2 * DAY, asn=arrest.asn,
                sequence=one.sequence,
                code=one.offence.code, day=one.day, outcome="2", referred=decided - 20 * DAY,
                decided=decided - DAY, issued=decided,
            )  # fmt: skip
        outcomes.append(ref)
    return Oddity(
        "leap_day_birthday", (life.ref,), {"outcome": tuple(outcomes)}, (), "28 February and 1 March"
    )


def missing_birth_date(stage: Stage) -> Oddity:
    """No date of birth, and 1900-01-01 for one."""
    children = []
    for birth in (None, OPEN_END):
        life = stage.child(15)
        stage.learns(life)
        stage.simple(life, 80, "YOUTH_CAUTION")
        stage.book.change(
            "person", life.ref, stage.book.versions("person", life.ref)[-1].known_at, birth_date=birth
        )
        children.append(life.ref)
    return Oddity("missing_birth_date", tuple(children), {}, (), "empty and 1900-01-01")


def twins(stage: Stage) -> Oddity:
    """Two children with family name, date of birth and address in common; given names and ids differ."""
    first = stage.child(15, given="Rowan")
    second = stage.child(birth=first.birth, given="Robin", family=first.family, at_home=False)
    second.homes = [Spell(home.start, home.end, dict(home.what)) for home in first.homes]
    for life in (first, second):
        stage.learns(life)
    stage.simple(first, 100, "YOUTH_CAUTION")
    stage.simple(second, 95, "REFERRAL_ORDER", order_weeks=13)
    return Oddity("twins", (first.ref, second.ref), {}, (), "never the same child")


def deleted_child(stage: Stage) -> Oddity:
    """Withdrawn at the source: marked deleted ten days before the first night, everything else gone. Another
    is withdrawn on the second night."""
    children, known = [], []
    for told in (stage.ago(10), stage.ago(-2)):
        life = stage.child(14)
        stage.learns(life)
        stage.simple(life, 60, "YOUTH_CAUTION")
        children.append((life, told))
        known.append(told)
    stage.bad_rows.setdefault("withdraw", []).extend({"life": life, "told": told} for life, told in children)
    return Oddity("deleted_child", tuple(life.ref for life, _ in children), {}, tuple(known), "withdrawn")


def exotic_names(stage: Stage) -> Oddity:
    """O'Brien, Zoë O’Neill, Ng, Null, None, NA, True and other names programs stumble over."""
    children = []
    for sex, given, family in people.AWKWARD_NAMES:
        life = stage.child(15, sex=sex, given=given, family=family)
        stage.learns(life)
        stage.simple(life, 170, "YOUTH_CAUTION", "CJ88116")
        children.append(life.ref)
    return Oddity("exotic_names", tuple(children), {}, (), "each name must come through unchanged")
