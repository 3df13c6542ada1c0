"""The one command line: ``yos``. Every command says with ``--help`` what it does and shows an example."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

from yos_warehouse import __version__
from yos_warehouse.errors import AlreadyRunning, UsageError, YosError

# Imports of what a command needs happen inside it: `yos --help` must not wait for Airflow or dbt.


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it like 2026-03-31") from None


def _numbers(text: str) -> frozenset[int]:
    try:
        return frozenset(int(number) for number in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of numbers; write it like 3,17") from None


def _moment(text: str) -> datetime:
    from zoneinfo import ZoneInfo

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time; write it like 2026-03-31T20:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/London"))


def _run(args: argparse.Namespace) -> int:
    from yos_warehouse.orchestration.run import run

    return run(args.feeds, args.as_at)


def _up(args: argparse.Namespace) -> int:
    from yos_warehouse.orchestration.run import up

    return up()


def _down(args: argparse.Namespace) -> int:
    from yos_warehouse.orchestration.run import down

    return down()


def _status(args: argparse.Namespace) -> int:
    from yos_warehouse.telling.status import status

    return status()


def _incidents(args: argparse.Namespace) -> int:
    from yos_warehouse.telling.acknowledge import list_incidents

    return list_incidents()


def _acknowledge(args: argparse.Namespace) -> int:
    from yos_warehouse.telling.acknowledge import acknowledge

    return acknowledge(args.numbers, args.by)


def _watch(args: argparse.Namespace) -> int:
    from yos_warehouse.telling.watch import watch

    return watch(once=args.once, every=args.every)


def _pack(args: argparse.Namespace) -> int:
    from yos_warehouse.settings import drops_dir
    from yos_warehouse.sources.drop import pack

    drop = pack(
        args.feed, args.files, args.date, received_at=args.received_at, fictional=args.fictional,
        out=args.out or drops_dir(),
    )  # fmt: skip
    print(f"{drop.key}: {len(drop.manifest.files)} file(s) packed into {drop.folder}")
    return 0


def _check(args: argparse.Namespace) -> int:
    from yos_warehouse.sources.drop import check

    findings = check(args.feed, args.files, args.date)
    for finding in findings:
        print(finding)
    if not findings:
        print("Nothing to refuse: these files can be packed.")
    return 1 if any(finding.refuses for finding in findings) else 0


def _url(args: argparse.Namespace) -> int:
    from yos_warehouse.server.connect import url

    print(url(args.role, driver="postgresql"))
    return 0


def _as_at(args: argparse.Namespace) -> int:
    from yos_warehouse.build.past import build_as_at

    schema = build_as_at(args.date)
    print(f"What was known by the end of {args.date} is built in schema {schema}; it is not published.")
    return 0


def _explain(args: argparse.Namespace) -> int:
    from yos_warehouse.telling.explain import explain

    return explain(
        args.indicator, args.period, args.purpose, variant_code=args.variant, as_at=args.as_at, out=args.out
    )


def _attention(args: argparse.Namespace) -> int:
    from yos_warehouse.telling.attention import attention

    return attention(args.purpose, args.team)


def _reconcile(args: argparse.Namespace) -> int:
    from yos_warehouse.telling.reconcile import reconcile

    return reconcile(args.all)


def _link(args: argparse.Namespace) -> int:
    from yos_warehouse.identity.linking import link_file

    return link_file(args.file, args.out, args.model, has_families=not args.no_families)


def _train(args: argparse.Namespace) -> int:
    from yos_warehouse.identity.linking import train_on

    return train_on(args.file, args.out, has_families=not args.no_families)


def _review_list(args: argparse.Namespace) -> int:
    from yos_warehouse.identity.review import list_reviews

    return list_reviews(args.as_named_person, args.decisions)


def _review_show(args: argparse.Namespace) -> int:
    from yos_warehouse.identity.review import show

    return show(args.number, args.purpose, args.out, as_named_person=args.as_named_person)


def _review_decide(args: argparse.Namespace) -> int:
    from yos_warehouse.identity.review import decide

    return decide(args.number, args.verdict, args.by, args.reason, as_named_person=args.as_named_person)


def _review_revoke(args: argparse.Namespace) -> int:
    from yos_warehouse.identity.review import revoke

    return revoke(args.decision, args.by, args.reason, as_named_person=args.as_named_person)


def _review_changes(args: argparse.Namespace) -> int:
    from yos_warehouse.identity.review import changes

    return changes(args.run)


def _backup(args: argparse.Namespace) -> int:
    from yos_warehouse.server.backup import backup, say

    print(say(backup(args.folder, registry_only=args.registry_only), "backed up into", args.folder))
    print("It names children: keep it as closed as the warehouse.")
    return 0


def _restore(args: argparse.Namespace) -> int:
    from yos_warehouse.server.backup import restore, say

    print(say(restore(args.folder), "restored from", args.folder))
    print("The next night builds the marts: yos run")
    return 0


def _migration(args: argparse.Namespace) -> int:
    from yos_warehouse.build.draft import draft_migration

    path = draft_migration(args.name)
    print(f"Drafted {path}: read it, then commit it with the model." if path else "Nothing to migrate.")
    return 0


def _rollback(args: argparse.Namespace) -> int:
    from yos_warehouse.build.publish import rollback

    schema = rollback(args.to)
    print(f"Republished {schema}. Further publication is held; release it with: yos release")
    return 0


def _release(args: argparse.Namespace) -> int:
    from yos_warehouse.build.publish import release

    if args.feed is not None:
        from yos_warehouse.door.held import release as release_rows

        if not (args.entity and args.rule and args.by and args.reason):
            raise UsageError("RELEASE", "rows need ENTITY, RULE, --by and --reason", "see yos release --help")
        return release_rows(args.feed, args.entity, args.rule, args.by, args.reason, args.rows)
    release()
    print("The next night publishes again.")
    return 0


def _quarantine(args: argparse.Namespace) -> int:
    from yos_warehouse.door.held import show

    return show(args.feed, args.rows, args.out)


def _codes(args: argparse.Namespace) -> int:
    from yos_warehouse.door.new_codes import list_codes

    return list_codes()


def _replay(args: argparse.Namespace) -> int:
    from yos_warehouse.door.held import judge_again

    return judge_again(args.feed, args.entity, args.dry_run)


def _approve(args: argparse.Namespace) -> int:
    from yos_warehouse.door.approvals import let_through, list_waiting

    if args.feed is None:
        return list_waiting()
    if not (args.date and args.by and args.reason):
        raise UsageError("APPROVE", "a yes needs the date, --by and --reason", "see yos approve --help")
    return let_through(args.feed, args.date, args.by, args.reason)


def _docs(args: argparse.Namespace) -> int:
    from yos_warehouse.docs_pages import write_all_pages

    for path in write_all_pages():
        print(path)
    return 0


def _data_docs(args: argparse.Namespace) -> int:
    from yos_warehouse.door.data_docs import folder

    print(folder() / "index.html")
    return 0


_NO_FAMILIES = "there are no families among the people: another given name or date of birth alone does not keep records apart"


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = argparse.ArgumentParser(
        prog="yos",
        description="The YOS Warehouse: youth justice feeds in, tested marts out.",
        epilog="Exit codes: 0 done (or another run is at it), 1 something failed and is named, 2 wrong usage.",
    )
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(title="commands", metavar="command", required=True)

    def command(
        name: str, words: str, action: Callable[[argparse.Namespace], int], example: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=words, description=words + ".", epilog=f"Example: {example}")
        sub.set_defaults(action=action)
        return sub

    sub = command("run", "Run the night from source to published mart and show the result", _run, "yos run")
    sub.add_argument("--feeds", type=Path, help="a directory of drops: <feed>/<business date>/...")
    sub.add_argument("--as-at", type=_date, help="build what was known by the end of this day")
    command("up", "Keep Airflow's pages, PostgreSQL and a mail catcher running", _up, "yos up")
    command("down", "Stop what 'yos up' started", _down, "yos down")
    command("status", "Say how last night went, in ten lines; exit code 0, 1 or 2", _status, "yos status")
    sub = command(
        "incidents", "List what is open, whose it is and since when; 'ack' says who is at it", _incidents,
        'yos incidents ack 12 --by "A. Person"',
    )  # fmt: skip
    sub = sub.add_subparsers(metavar="ack").add_parser("ack", help="say who is at it: no reminder comes")
    sub.add_argument("numbers", type=int, nargs="+", help="of incidents, as yos incidents lists them")
    sub.add_argument("--by", required=True, help="who is at it")
    sub.set_defaults(action=_acknowledge)
    sub = command(
        "watch", "Mail the data team by itself when no night was published, or mails are not sent; for cron, outside of"
        " Airflow", _watch, "yos watch --once",
    )  # fmt: skip
    sub.add_argument("--once", action="store_true", help="look one time; exit code 0 all well, 1 not")
    sub.add_argument("--every", type=float, default=60, help="seconds between two looks (default: 60)")
    sub = command(
        "pack", "Write the manifest that makes files a drop", _pack,
        "yos pack police arrests_2026-03-31.csv --date 2026-03-31",
    )  # fmt: skip
    sub.add_argument("feed")
    sub.add_argument("files", nargs="+", type=Path)
    sub.add_argument("--date", type=_date, required=True, help="the business date the files stand for")
    sub.add_argument("--received-at", type=_moment, help="when they were received (default: now)")
    sub.add_argument("--fictional", action="store_true", help="the files hold no real child")
    sub.add_argument("--out", type=Path, help="the drop store (default: YOS_DROPS_DIR or var/drops)")
    sub = command(
        "check", "Say what would be refused, without loading and without showing a value", _check,
        "yos check police arrests_2026-03-31.csv",
    )  # fmt: skip
    sub.add_argument("feed")
    sub.add_argument("files", nargs="+", type=Path)
    sub.add_argument("--date", type=_date, help="the business date, where the layout depends on it")
    sub = command("url", "Print a connection URL for a role", _url, "yos url --role analyst")
    sub.add_argument("--role", default="analyst", choices=["analyst", "finance", "practitioner", "auditor"])
    sub = command(
        "as-at", "Build what was known on a past day, beside the marts", _as_at, "yos as-at 2025-12-31"
    )
    sub.add_argument("date", type=_date)
    sub = command(
        "explain", "Show who stands behind a figure and who does not, and why; each look is logged", _explain,
        'yos explain local_reoffending_rate --period 2025Q3 --purpose "board asked why it rose"',
    )  # fmt: skip
    sub.add_argument("indicator", help="such as local_reoffending_rate; an unknown one lists them all")
    sub.add_argument("--period", required=True, help="such as 2025Q3; an unknown one lists them all")
    sub.add_argument("--variant", help="another variant of the definition (default: the one the board sees)")
    sub.add_argument(
        "--as-at", type=_date, help="as known by the end of this day; built first if it has to be"
    )
    sub.add_argument("--purpose", required=True, help="why you look, in at least 10 characters; it is logged")
    sub.add_argument("--out", type=Path, help="also write the cases to this CSV file")
    sub = command(
        "attention", "List children under an order whose education needs a look, with names; each look is logged",
        _attention, 'yos attention --team NORTH --purpose "weekly review of education"',
    )  # fmt: skip
    sub.add_argument(
        "--team", help="children of this team only, such as NORTH; an unknown one lists them all"
    )
    sub.add_argument("--purpose", required=True, help="why you look, in at least 10 characters; it is logged")
    sub = command(
        "reconcile", "Name the sums of money that differ from what was stated of them; exit code 1 when one does",
        _reconcile, "yos reconcile",
    )  # fmt: skip
    sub.add_argument("--all", action="store_true", help="also the sums that agree")
    sub = command(
        "link", "Match the records of a people table: which of them are one person (docs/how-to/match-a-table-of-your-own.md)",
        _link, "yos link people.parquet --out matched",
    )  # fmt: skip
    sub.add_argument("file", type=Path, help="Parquet or CSV, one row per record, with a column record_id")
    sub.add_argument("--out", type=Path, required=True, help="an empty or new folder for links and questions")
    sub.add_argument("--model", type=Path, help="the folder of a trained model (default: train on the file)")
    sub.add_argument("--no-families", action="store_true", help=_NO_FAMILIES)
    sub = command(
        "train", "Train a matching model on this warehouse's records or on a people table; it is written only if every"
        " check passes", _train, "yos train people.parquet --out models/2026_11",
    )  # fmt: skip
    sub.add_argument(
        "file", type=Path, nargs="?", help="Parquet or CSV with a column record_id (default: the warehouse)"
    )
    sub.add_argument("--out", type=Path, required=True, help="a new folder for the model")
    sub.add_argument("--no-families", action="store_true", help=_NO_FAMILIES)
    _review(
        commands.add_parser(
            "review",
            help="Questions about identity: list, show, decide, revoke (docs/how-to/review-who-is-who.md)",
        )
    )
    sub = command(
        "backup", "Write what no night can make again, the registry of keys first, into a folder", _backup,
        "yos backup /safe/2026-03-31",
    )  # fmt: skip
    sub.add_argument("folder", type=Path, help="new or empty")
    sub.add_argument(
        "--registry-only", action="store_true", help="who is who alone, where all deliveries are kept"
    )
    sub = command(
        "restore", "Fill an empty warehouse from a backup; the next night builds the rest", _restore,
        "YOS_DATABASE=restored yos restore /safe/2026-03-31",
    )  # fmt: skip
    sub.add_argument("folder", type=Path)
    sub = command(
        "approve", "Let a delivery in that is held for its size or its share of bad rows; alone: list what waits",
        _approve, 'yos approve police 2026-03-31 --by "A. Person" --reason "backlog, confirmed by the sender"',
    )  # fmt: skip
    sub.add_argument("feed", nargs="?")
    sub.add_argument("date", nargs="?", type=_date, help="the business date of the delivery")
    sub.add_argument("--by", help="who says so")
    sub.add_argument("--reason", help="why it is right, in 10 to 500 characters that name no child")
    sub = command(
        "migration", "Draft the change of the permanent tables that the models ask for", _migration,
        "yos migration add_fct_hearing",
    )  # fmt: skip
    sub.add_argument("name", nargs="?", default="marts")
    sub = command(
        "rollback", "Publish an earlier build again and hold further publication", _rollback, "yos rollback"
    )
    sub.add_argument("--to", help="the build's schema (default: the one before the newest)")
    sub = command(
        "release", "Let nights publish again after a rollback; with FEED ENTITY RULE: let rows in that the rule holds back",
        _release, 'yos release police arrest POL-ARR-03 --by "A. Person" --reason "the force confirmed these days"',
    )  # fmt: skip
    sub.add_argument("feed", nargs="?")
    sub.add_argument("entity", nargs="?")
    sub.add_argument("rule", nargs="?", help="the rule that is left out, for these rows and once")
    sub.add_argument(
        "--rows",
        type=_numbers,
        default=frozenset(),
        help="only these, such as 3,17 (yos quarantine FEED --rows)",
    )
    sub.add_argument("--by", help="who says so")
    sub.add_argument("--reason", help="why they are right, in 10 to 500 characters that name no child")
    sub = command(
        "quarantine", "Say which rows are held back, by which rule, for how long and what to do", _quarantine,
        "yos quarantine police --rows",
    )  # fmt: skip
    sub.add_argument("feed", nargs="?")
    sub.add_argument("--rows", action="store_true", help="where each stands: file, line, since when, rules")
    sub.add_argument("--out", type=Path, help="write these to a CSV file that you alone can read")
    command("codes", "Print the codes that came and no list has, as they were sent", _codes, "yos codes")
    sub = command(
        "replay", "Judge the rows held back again by the checks and code lists of today and let in what passes",
        _replay, "yos replay police --dry-run",
    )  # fmt: skip
    sub.add_argument("feed", nargs="?", help="default: every feed")
    sub.add_argument("--entity", help="only its rows")
    sub.add_argument("--dry-run", action="store_true", help="only say what would be let in")
    command("docs", "Write the generated pages of docs/", _docs, "yos docs")
    command(
        "data-docs", "Print where the pages of the last judged deliveries are: each check, its words and its counts",
        _data_docs, "yos data-docs",
    )  # fmt: skip
    return top


def _review(parser: argparse.ArgumentParser) -> None:
    """The grammar of ``yos review``."""
    commands = parser.add_subparsers(title="commands", metavar="command", required=True)

    def command(
        name: str, words: str, action: Callable[[argparse.Namespace], int], example: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=words, description=words + ".", epilog=f"Example: {example}")
        sub.set_defaults(action=action)
        sub.add_argument(
            "--as-named-person",
            action="store_true",
            help="questions of protected identities, for the named person",
        )
        return sub

    def signed(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--by", required=True, help="who decides")
        sub.add_argument("--reason", required=True, help="why, in 10 to 500 characters that name no child")

    sub = command("list", "List the questions that wait, without names", _review_list, "yos review list")
    sub.add_argument("--decisions", action="store_true", help="the decisions that hold, instead")
    sub = command(
        "show", "Show both records of a question with names, and write its page; each look is logged", _review_show,
        'yos review show 12 --purpose "weekly review of identity"',
    )  # fmt: skip
    sub.add_argument("number", type=int)
    sub.add_argument("--purpose", required=True, help="why you look, in at least 10 characters; it is logged")
    sub.add_argument("--out", type=Path, help="the page (default: var/review/question-NUMBER.html)")
    sub = command(
        "changes",
        "Say what a night's merges and splits did to reoffending figures",
        _review_changes,
        "yos review changes",
    )
    sub.add_argument(
        "--run", type=int, help="the night's run (default: the last that merged or split persons)"
    )
    sub = command(
        "decide", "Answer a question: the same child, or different ones; outranks all evidence", _review_decide,
        'yos review decide 12 same --by "A. Person" --reason "both workers know the family"',
    )  # fmt: skip
    sub.add_argument("number", type=int)
    sub.add_argument("verdict", choices=["same", "different"])
    signed(sub)
    sub = command(
        "revoke", "Take a decision back: keys and figures are as they were before it", _review_revoke,
        'yos review revoke 3 --by "A. Person" --reason "the wrong number was typed"',
    )  # fmt: skip
    sub.add_argument("decision", type=int)
    signed(sub)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors that are expected become one line on stderr."""
    args = parser().parse_args(arguments)
    try:
        code = args.action(args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read what was said has seen enough: yos incidents | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except AlreadyRunning as polite:
        print(polite.what)
        return 0
    except UsageError as problem:
        print(f"yos: {problem}", file=sys.stderr)
        return 2
    except YosError as problem:
        print(f"yos: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("yos: stopped; run the same command again to go on", file=sys.stderr)
        return 1
