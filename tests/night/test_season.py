"""A season of nights with seeded troubles: each is found, told once in the right mailbox, and over when it is mended; nothing else is told.

What is real: drop store, door, ledger, publication, incidents, mails and the mail server. What is simulated: the day (``YOS_TODAY``,
and the moments that the functions take) and dbt, in whose place a few tables and test results are written by hand, because a
night's dbt takes a minute. ``make test`` takes ten nights, ``make soak`` a hundred and twenty.
"""

from __future__ import annotations

import random
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from tests import soak
from tests.build.conftest import FIRST_NIGHT, Stage
from tests.door.conftest import LONDON
from tests.telling.conftest import MailServer
from tests.troubles import DELIVERIES, Delivery, Trouble, deliveries, owner_email
from yos_warehouse.bank_holidays import bank_holidays
from yos_warehouse.door.freshness import check_freshness
from yos_warehouse.errors import YosError
from yos_warehouse.orchestration import steps
from yos_warehouse.server.connect import connect, transaction
from yos_warehouse.telling.alerts import compose_alerts
from yos_warehouse.telling.digest import compose_digests
from yos_warehouse.telling.incidents import check_deadline, update_incidents
from yos_warehouse.telling.outbox import send_due
from yos_warehouse.telling.owners import owner_of

FIRST = date(2026, 4, 1)
FEEDS = ("education", "finance", "police")
CHECK = "outcomes_have_their_offence"  # a check of the house, which passes on good nights


def _nothing(sent: Delivery, chance: random.Random) -> None:
    pass


# Troubles that are no delivery's; what the night does of them stands in Season.night.
LATE = Trouble(
    "a feed does not come",
    "F10",
    "police",
    "LATE",
    "late",
    "partner",
    lambda sent, chance: setattr(sent, "is_sent", False),
)
TEST_FAILED = Trouble("a test of the build fails", "R9", "", "HELD_TEST_FAILED", "held unit", "us", _nothing)
CHECK_BROKE = Trouble("a check of the house breaks", "R11", "", CHECK, "broken", "us", _nothing)
RUN_FAILED = Trouble("the night fails", "A1", "", "RUN_FAILED", "failed", "us", _nothing)
NO_NIGHT = Trouble("no night runs", "A5", "", "NOT_PUBLISHED", "no night", "us", _nothing)  # fmt: skip
OF_THE_HOUSE = (TEST_FAILED, CHECK_BROKE, RUN_FAILED, NO_NIGHT)
URGENT = ("refused", "held", "held unit", "broken", "failed", "no night")


@dataclass
class Season:
    """Nights over a small service, one by one.

    Attributes:
        plan: day -> what goes wrong on it; it is mended the day after.
        seen: incidents as they were opened: day, rule, feed, mailbox.
    """

    stage: Stage
    mails: MailServer
    plan: dict[date, Trouble]
    chance: random.Random
    monkeypatch: pytest.MonkeyPatch
    seen: list[tuple[date, str, str, str]] = field(default_factory=list)
    to_mend: list[Delivery] = field(default_factory=list)

    def night(self, number: int) -> None:
        """A day's deliveries, the night after them, and the morning."""
        day = FIRST + timedelta(days=number)
        trouble = self.plan.get(day)
        self._deliver(day, number, trouble)
        after = day + timedelta(days=1)
        self.monkeypatch.setenv("YOS_TODAY", after.isoformat())
        if trouble is not NO_NIGHT:
            self._run(day, trouble, _at(after, 3, 30))
        self._mail(_at(after, 3, 45), compose_alerts)
        self._mail(_at(after, 6, 0), compose_digests)
        self._mail(
            _at(after, 7, 5),
            lambda connection, now: (check_deadline(connection, now), compose_alerts(connection, now)),
        )
        self._mail(_at(after, 11, 30), compose_alerts)
        opened = self.stage.warehouse.query(
            "select rule_code, coalesce(feed, ''), owner_email from ops.incident where opened_at >= %s order by incident_id",
            (_at(after, 3, 0),),
        )
        self.seen += [(day, *row) for row in opened]

    def _deliver(self, day: date, number: int, trouble: Trouble | None) -> None:
        """What partners send, one delivery spoilt; and what they send again for the day before."""
        drops = self.stage.warehouse.drops
        for good in self.to_mend:
            good.write(drops, received=day)
        self.to_mend = []
        for sent in deliveries(day, number):
            if trouble is not None and sent.feed == trouble.feed and trouble.outcome != "nothing":
                whole = Delivery(
                    sent.feed, day, dict(sent.files), sent.totals, is_again=trouble.outcome != "stray"
                )
                self.to_mend.append(whole)
            if trouble is not None and sent.feed == trouble.feed:
                trouble.spoil(sent, self.chance)
            sent.write(drops)

    def _run(self, day: date, trouble: Trouble | None, moment: datetime) -> None:
        warehouse = self.stage.warehouse
        run_id = steps.open_run("nightly", f"night of {day}")
        assert run_id is not None
        for feed in FEEDS:
            steps.load(run_id, feed)
        state = "failed" if trouble is RUN_FAILED else "succeeded"
        if state == "succeeded":
            warehouse.query("update ops.run set as_at = %s where run_id = %s", (day, run_id))
            money = "fail" if trouble is TEST_FAILED else "pass"
            self.stage.build(run_id, FIRST_NIGHT, {"the_money_adds_up": (money, ["finance"])})
            warehouse.query(
                "insert into ops.check_result (run_id, checked_by, rule_code, family, severity, owner, outcome)"
                " values (%s, 'dbt', %s, 'integrity', 'error', 'us', %s)",
                (run_id, CHECK, "error" if trouble is CHECK_BROKE else "passed"),
            )
            try:
                steps.publish(run_id)
            except YosError as held:
                assert (held.code, trouble) == ("HELD", TEST_FAILED)
                state = "failed"
            warehouse.query(
                "update marts.publication set published_at = %s where run_id = %s", (moment, run_id)
            )
        with transaction("publisher") as connection:
            check_freshness(connection, run_id)
            update_incidents(connection, run_id, warehouse.drops, moment)
        steps.close_run(run_id, state)

    def _mail(self, now: datetime, compose: Callable) -> None:
        with transaction("publisher") as connection:
            compose(connection, now)
        connection = connect("publisher", autocommit=True)
        with smtplib.SMTP("127.0.0.1", self.mails.port, timeout=10) as client:

            def deliver(message: EmailMessage) -> None:
                message["From"] = "yos-warehouse@oakshire.example.org"
                client.send_message(message)

            assert send_due(connection, deliver, now)["waiting"] == 0
        connection.close()

    def expected(self) -> list[tuple[date, str, str, str]]:
        """Incidents that there must be, and no other; a daily feed that is not let in on a working day is late as well."""
        found = [
            (day, *_incident(trouble)) for day, trouble in self.plan.items() if trouble.outcome != "nothing"
        ]
        return found + [
            (day, *_incident(LATE))
            for day, trouble in self.plan.items()
            if trouble.feed == LATE.feed and trouble.outcome in ("refused", "held", "stray") and _is_late(day)
        ]


def _incident(trouble: Trouble) -> tuple[str, str, str]:
    owner = owner_email(trouble) if trouble.feed else owner_of(trouble.owner, None).email
    return trouble.code, trouble.feed, owner


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), LONDON)


def _is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in {holiday.holiday_date for holiday in bank_holidays(day.year)}


def _is_late(day: date) -> bool:
    """Whether a daily feed without its delivery of a day is late in the night after: two working days are over."""
    return _is_working(day) and _is_working(day + timedelta(days=1))


def _plan(troubles: list[Trouble], days: list[date]) -> dict[date, Trouble]:
    """Troubles on days; a daily feed is missed on a working day before a working day only."""
    planned: dict[date, Trouble] = {}
    left = list(troubles)
    for day in days:
        choice = next((trouble for trouble in left if trouble is not LATE or _is_late(day)), None)
        if choice is not None:
            planned[day] = choice
            left.remove(choice)
    assert not left, "a season with more days is needed"
    return planned


def _judge(season: Season) -> dict[str, int]:
    """Every trouble and nothing else was found; each was told as often as agreed, to whom it is, by what reached the mailboxes."""
    warehouse = season.stage.warehouse
    assert sorted(season.seen) == sorted(season.expected())
    assert warehouse.query("select rule_code from ops.incident where closed_at is null") == []
    sent = warehouse.query(
        "select kind, recipient, (created_at at time zone 'Europe/London')::date, body from ops.outbox order by mail_id"
    )
    arrived = [BytesParser(policy=policy.default).parsebytes(content) for content in season.mails.mails()]
    assert len({mail["Message-ID"] for mail in arrived}) == len(arrived) == len(sent)
    assert sorted(mail["To"] for mail in arrived) == sorted(recipient for _, recipient, _, _ in sent)
    told = [(kind, recipient, day) for kind, recipient, day, _ in sent if kind != "digest"]
    agreed = []
    for day, trouble in season.plan.items():
        if trouble.outcome in URGENT:
            _, _, owner = _incident(trouble)
            morning = day + timedelta(days=1)
            agreed += [("incident", owner, morning), ("recovery", owner, morning + timedelta(days=1))]
            if trouble.owner == "us":  # four hours later it still lasts
                agreed.append(("reminder", owner, morning))
    assert sorted(told) == sorted(agreed)
    partners = {owner_of("partner", feed).email for feed in FEEDS}
    for day, trouble in season.plan.items():
        if trouble.outcome in ("held back", "reported", "stray", "late"):
            code, _, owner = _incident(trouble)
            ((words,),) = warehouse.query(
                "select words from ops.incident where rule_code = %s and owner_email = %s and (opened_at at time zone 'Europe/London')::date = %s",
                (code, owner, day + timedelta(days=1)),
            )
            readers = {
                recipient
                for _, recipient, when, body in sent
                if when == day + timedelta(days=1)
                and " ".join(words.split()).casefold()[:60] in " ".join(body.split()).casefold()
            }
            assert owner in readers and not (partners - {owner}) & readers, trouble
    for mail in season.mails.mails():
        assert b"Example1" not in mail and "O’Neill".encode() not in mail
    return {"mails": len(arrived), "incidents": len(season.seen)}


def _season(
    stage: Stage,
    mails: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    plan: dict[date, Trouble],
    nights: int,
    seed: int,
) -> dict[str, int]:
    season = Season(stage, mails, plan, random.Random(seed), monkeypatch)
    for number in range(nights):
        season.night(number)
    return _judge(season)


@pytest.mark.fault("A1", "A3", "A7", "A8", "R9", "R11", "F10")
def test_ten_nights_with_four_troubles(
    stage: Stage, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, record_property
) -> None:
    """Which ones the commit decides: a delivery not taken in, rows, something of the house, and any."""
    seed = random.Random(soak.commit().partition("+")[0]).randrange(10_000)
    chance = random.Random(seed)
    refused = [trouble for trouble in DELIVERIES if trouble.outcome in ("refused", "held")]
    others = [trouble for trouble in DELIVERIES if trouble.outcome not in ("refused", "held")]
    troubles = [
        chance.choice(refused),
        chance.choice(others),
        chance.choice(OF_THE_HOUSE),
        chance.choice([*DELIVERIES, LATE]),
    ]
    plan = _plan(troubles, [FIRST + timedelta(days=number) for number in (1, 3, 5, 7)])
    record_property("seed", seed)
    _season(stage, mail_server, monkeypatch, plan, 10, seed)


@pytest.mark.soak
@pytest.mark.fault(
    "A1",
    "A3",
    "A7",
    "A8",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F10",
    "F11",
    "F12",
    "F13",
    "F15",
    "F16",
    "F17",
    "F18",
    "F21",
    "D3",
    "D4",
    "D7",
    "D10",
    "D13",
    "D14",
    "R9",
    "R11",
)
def test_a_hundred_and_twenty_nights_with_forty_troubles(
    stage: Stage, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, record_property
) -> None:
    """Every kind at least once, each on a night of its own, with a good night after its mending."""
    troubles = [*DELIVERIES, LATE, *OF_THE_HOUSE]
    seed = 7
    chance = random.Random(seed)
    troubles += [chance.choice(troubles) for _ in range(40 - len(troubles))]
    chance.shuffle(troubles)
    plan = _plan(
        troubles, [FIRST + timedelta(days=number) for number in range(1, 119, 2)][: 2 * len(troubles)]
    )
    told = _season(stage, mail_server, monkeypatch, plan, 120, seed)
    for name, value in {"nights": 120, "troubles": len(plan), **told, "precision": 1, "recall": 1}.items():
        record_property(name, value)
