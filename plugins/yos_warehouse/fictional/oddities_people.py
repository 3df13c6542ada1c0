"""Oddities of who a child is: duplicates, aliases, identifiers, birth dates, twins, withdrawals.

Each function tells one oddity of domain.md 2.8 and returns its handle; its docstring says what is odd.
"""

from __future__ import annotations

from datetime import date

from yos_warehouse.fictional import identifiers, people
from yos_warehouse.fictional.lives import DAY, OPEN_END, Spell
from yos_warehouse.fictional.setting import years_before
from yos_warehouse.fictional.stage import OFFENCE, Oddity, Stage

# Their check characters fit, and they are nobody's.
NO_PNC, NO_UPN, NO_NHS = "00/0000000Z", "A000000000000", "0000000000"


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
        second.same_as = first.ref
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


def father_and_son(stage: Stage) -> Oddity:
    """Father and son of one name at one address; the father, nineteen years older, is in the police's records only."""
    son = stage.child(15)
    stage.learns(son)
    stage.simple(son, 110, "YOUTH_CAUTION")
    birth = years_before(son.birth, 19)
    father = stage.child(birth=birth, given=son.given, family=son.family, at_home=False, in_case_system=False)
    father.homes = [Spell(home.start, home.end, dict(home.what)) for home in son.homes]
    arrest = father.arrested(stage.ago(75), [(OFFENCE["TH68010"], stage.ago(76))], "NFA")
    return Oddity(
        "father_and_son",
        (son.ref,),
        {"father": (father.ref,), "asn": (arrest.asn,)},
        (),
        "never the same child",
    )


def three_aliases(stage: Stage) -> Oddity:
    """Arrested under three other names, each time with the same PNC id; the case system has them as aliases."""
    life = stage.child(16)
    stage.learns(life)
    stage.simple(life, 400, "YOUTH_CAUTION")
    asns, names = [], []
    for days, given, family in (
        (330, "Jonty", "Vexcombe"),
        (250, "Johnny", "Umberlow"),
        (160, "Jon", "Farrowmere"),
    ):
        life.police_known_as = {"given": given, "family": family}
        asns.append(stage.simple(life, days, "YOUTH_CONDITIONAL_CAUTION", order_weeks=8)[0].asn)
        names.append(life.alias(given, family, stage.ago(days - 20)))
    return Oddity("three_aliases", (life.ref,), {"asn": tuple(asns), "name": tuple(names)}, (), "one PNC id")


def two_pnc_ids(stage: Stage) -> Oddity:
    """The force made a second PNC id for the child: two arrests of one name and date of birth, both ids valid."""
    life = stage.child(16)
    stage.learns(life)
    first, _, _ = stage.simple(life, 180, "YOUTH_CAUTION")
    life.police_known_as = {"pnc": identifiers.pnc_id(life.number + 100_000)}
    life.in_case_system = False  # what came of the second arrest the service never heard
    second = life.arrested(stage.ago(66), [(OFFENCE["CJ88116"], stage.ago(67))], "NFA")
    life.in_case_system = True
    return Oddity("two_pnc_ids", (life.ref,), {"asn": (first.asn, second.asn)}, (), "one child, two PNC ids")


def adopted_child(stage: Stage) -> Oddity:
    """Adopted: another family name, UPN, NHS number, PNC id and address; the new identity is protected, and nobody may
    link the two, though given name, sex and date of birth are the same."""
    before = stage.child(13)
    stage.learns(before)
    stage.simple(before, 380, "YOUTH_CAUTION")
    after = stage.child(birth=before.birth, sex=before.sex, given=before.given, is_protected=True)
    stage.learns(after)
    stage.simple(after, 85, "YOUTH_CAUTION")
    return Oddity("adopted_child", (before.ref, after.ref), {}, (), "the second is protected: never linked")


def standing_for_nothing(stage: Stage) -> Oddity:
    """Unrelated children with the same identifiers of zeros, the family name UNKNOWN and a birth on 1900-01-01, each
    valid by its check character."""
    children, nobodies, asns = [], [], []
    for _ in range(3):
        life = stage.child(15)
        stage.learns(life)
        stage.simple(life, 130, "YOUTH_CAUTION")
        told = stage.book.versions("person", life.ref)[-1].known_at
        stage.book.change("person", life.ref, told, upn=NO_UPN, pnc=NO_PNC, uln=None, nhs_number=NO_NHS)
        children.append(life.ref)
    for days in (78, 68, 58):
        life = stage.child(16, in_case_system=False)
        life.police_known_as = {"family": "UNKNOWN", "given": "Unknown", "birth": OPEN_END, "pnc": NO_PNC}
        asns.append(life.arrested(stage.ago(days), [(OFFENCE["TH68010"], stage.ago(days + 1))], "NFA").asn)
        nobodies.append(life.ref)
    return Oddity(
        "standing_for_nothing", tuple(children), {"police_only": tuple(nobodies), "asn": tuple(asns)}, (),
        "six children who have only these in common",
    )  # fmt: skip
