"""School terms: what a termly return is about follows from its business date."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Term:
    """A third of a calendar year: 1 spring (January to April), 2 summer (May to August), 3 autumn.

    Its code, as in 2024_3, begins the record ids of the return.
    """

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Term:
        """The term a day lies in."""
        return cls(day.year, (day.month - 1) // 4 + 1)

    @property
    def code(self) -> str:
        """Year and number, which sort as the terms follow each other."""
        return f"{self.year}_{self.number}"

    @property
    def name(self) -> str:
        """What schools call it."""
        return ("spring", "summer", "autumn")[self.number - 1]

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, 4 * self.number - 3, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        month = 4 * self.number
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def year_before(self) -> Term:
        """The same term of the year before."""
        return Term(self.year - 1, self.number)
