"""The named oddities of domain.md 2.8: one or more children each, told date by date, in every world.

A teller gets a ``Stage`` and returns an ``Oddity``: which children and records are concerned, and how. A new
teller goes to the end of the list: the children before it keep their numbers.
"""

from __future__ import annotations

from collections.abc import Callable

from yos_warehouse.fictional import oddities_court as court
from yos_warehouse.fictional import oddities_justice as justice
from yos_warehouse.fictional import oddities_learning as learning
from yos_warehouse.fictional import oddities_living as living
from yos_warehouse.fictional import oddities_people as people
from yos_warehouse.fictional import oddities_rows as rows
from yos_warehouse.fictional.stage import Oddity, Stage

TELLERS: tuple[Callable[[Stage], Oddity], ...] = (
    justice.late_result,
    justice.amended_charge,
    justice.amended_result,
    people.duplicate_person,
    people.alias,
    people.bad_pnc_form,
    living.missing_hours,
    living.overlapping_spells,
    living.moved_child,
    people.day_month_swap,
    people.leap_day_birthday,
    justice.two_orders_ended_same_day,
    living.open_spell_1900,
    justice.breach_as_offence,
    justice.tic_offence,
    justice.adult_court_result,
    justice.custody,
    justice.appealed_outcome,
    people.missing_birth_date,
    justice.unknown_code,
    people.twins,
    people.deleted_child,
    living.placed_out_of_area,
    people.exotic_names,
    rows.orphan_outcome,
    rows.unreadable_date,
    rows.missing_key,
    justice.open_panel,
    justice.still_inside,
    justice.moved_in_known,
    justice.remands,
    court.court_decides,
    court.court_decides_nothing,
    court.court_occasion,
    court.court_amended,
    court.court_shapes,
    court.court_breach,
    learning.hours_offered_only,
    learning.no_eet_record,
    learning.school_age_boundary,
    learning.remand_only_care,
    learning.order_expected_end,
    learning.order_appealed_away,
    learning.participation_disagrees,
    learning.lapsed_activity,
    learning.merged_young_person,
    learning.part_time_timetable,
    learning.detained,
    learning.withdrawn_attendance_code,
    learning.changed_school,
    learning.unknown_destination,
    learning.former_upn,
    learning.temporary_upn,
    learning.suspension_told_twice,
    learning.care_plans,
    people.father_and_son,
    people.three_aliases,
    people.two_pnc_ids,
    people.adopted_child,
    people.standing_for_nothing,
)
