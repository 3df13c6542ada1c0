"""Education, health and care plans: those that run, and those that ceased within a year."""

from __future__ import annotations

from datetime import date
from typing import Any

from yos_warehouse.fictional.lives import DAY
from yos_warehouse.fictional.world import World

HEADER = (
    "plan_id", "upn", "given_name", "family_name", "date_of_birth", "start_date", "end_date", "primary_need",
)  # fmt: skip


def plan_rows(world: World, night: date) -> list[list[Any]]:
    """A row for each plan as the authority knows it at the end of ``night``."""
    rows: list[list[Any]] = []
    bad = {row["number"] for row in world.bad_rows.get("ehc_plan", [])}
    for life in world.lives:
        if life.age(night) > 25:
            continue
        for number, plan in enumerate(life.plans, 1):
            if plan.start > night or (plan.end and plan.end < night - 365 * DAY):
                continue
            upn = life.upn_on(night) if life.rng("plan_upn").random() < 0.9 else ""
            end = plan.end if plan.end and plan.end <= night else None
            who = life.known_as("school")
            row = [
                f"EHC{life.number:05d}-{number}", upn, who["given"], who["family"], who["birth"], plan.start, end,
                plan.what["need"],
            ]  # fmt: skip
            rows.append(row)
            if life.number in bad:
                rows += [["", *row[1:]], [f"{row[0]}B", *row[1:4], "17 July", *row[5:]]]
    return rows
