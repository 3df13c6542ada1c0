"""Rows a door must hold back or a check must find, of nobody in particular.

Each function tells one oddity of domain.md 2.8 and returns its handle; its docstring says what is odd.
"""

from __future__ import annotations

from yos_warehouse.fictional import identifiers
from yos_warehouse.fictional.stage import Oddity, Stage


def orphan_outcome(stage: Stage) -> Oddity:
    """An outcome whose offence the case system has not got."""
    stage.book.put(
        "legal_outcome", "X99998-001", stage.ago(20), outcome_ref="X99998-001", offence_ref="F99998-001",
        outcome_date=stage.ago(25), legal_outcome="YOUTH_CAUTION", appeal_status=None,
        residence_at_outcome="LOCAL", hearing_ref=None, is_substantive_flag=True,
    )  # fmt: skip
    return Oddity("orphan_outcome", (), {"outcome": ("X99998-001",)}, (stage.ago(20),), "no such offence")


def unreadable_date(stage: Stage) -> Oddity:
    """An arrest on the 31st of February."""
    number = identifiers.asn(stage.setting.night0.year, 99997001)
    stage.bad_rows.setdefault("police_arrest", []).append(
        {
            "asn": number,
            "family": "Ruined-Date",
            "given": "Nobody",
            "day": "31/02/2026",
            "known_at": stage.ago(3),
        }
    )
    return Oddity("unreadable_date", (), {"asn": (number,)}, (stage.ago(3),), "31/02/2026")


def missing_key(stage: Stage) -> Oddity:
    """A charge without its ASN."""
    stage.bad_rows.setdefault("police_charge", []).append(
        {"asn": "", "code": "TH68010", "day": stage.ago(6), "known_at": stage.ago(3)}
    )
    return Oddity("missing_key", (), {}, (stage.ago(3),), "no ASN")
