"""The list behind a figure holds exactly the mentions or cases that it counts, on random histories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.amount import Amount
from config.reports import ReturnSettings
from reports import cohort, money
from reports.as_text import main_figures
from reports.behind import behind
from reports.behind_words import counted_said
from reports.incidents import mentions_of_spike
from reports.period import Period, days_between
from reports.report import Question, make_report
from reports.returning import GROUPS, Returned, paradox
from reports.satisfaction import satisfaction
from reports.scope import Scope, source_keys
from reports.sections import sections
from reports.speed import MOVES, times_to_states
from reports.statements import what_changed, what_to_do
from reports.tasks import KINDS
from reports.uplift import rating_uplift
from reports.words import Words
from storage.assessment import Assessment
from storage.case import Case
from storage.database import Database
from storage.listing import Listing
from storage.mention import Revision
from storage.offer import Offer
from storage.spike import Spike
from storage.task import Task
from tests.reports.history import END, some_period, write_history

History = Callable[[int], AbstractContextManager[Session]]


def figures(session: Session, period: Period) -> dict[str, int]:
    """Every figure of a report about cases, by the name in its link."""
    cases = cohort.cohort(session, period, Scope())
    steps = cohort.funnel(session, cases, period, Scope())
    times = times_to_states(session, cases, period, Scope(), lambda start, end: end - start)
    return (
        {"all": len(cases), "repeat": cohort.repeat_complaints(session, cases, period, Scope()).part}
        | {f"severity:{name}": count for name, count in cohort.severities(cases).items()}
        | {f"outcome:{name}": count for name, count in cohort.outcomes(cases).items()}
        | {f"cause:{name}": count for name, count in cohort.causes(cases).items()}
        | {f"cause:{','.join(cohort.causes(cases))}": cohort.causes(cases).total()}
        | {f"in_time:{line.state}": line.in_time.part for line in times if line.in_time is not None}
        | {step if step in ("flagged", "recovered") else f"reached:{step}": count for step, count in steps}
        | {f"reached:{line.state}": line.wall.count for line in times}
    )


def deeds(session: Session, period: Period) -> dict[str, int]:
    """Every figure about what was done in a period, or stands open now."""
    asked, since, until = satisfaction(session, period, Scope()), period.start, period.end
    found = {
        "open": cohort.cases_open(session, Scope()),
        "overdue": len({case for case, _ in cohort.overdue(session, Scope(), END)}),
        "won_back": money.won_back(session, period, Scope()),
        "said_recovered": asked.recovered.part,
        "said_satisfied": asked.satisfied.part,
        "said_nps": asked.nps.count,
    }
    made = [one for one in session.scalars(select(Offer)) if since <= one.made_at < until]
    paid = [one for one in session.scalars(select(Offer)) if one.redeemed_at and since <= one.redeemed_at < until]
    for named, offers in {
        "offers": made,
        "offers:refused": [one for one in made if one.state == "refused"],
        "offers_standing:JPY": [one for one in made if one.state in ("asked", "standing") and one.currency == "JPY"],
        "offers_redeemed:JPY": [one for one in paid if one.currency == "JPY"],
        "offers_redeemed:CHF": [one for one in paid if one.currency == "CHF"],
    }.items():
        found[named] = len({one.case_id for one in offers})
    for kind in KINDS:
        tasks = session.scalars(select(Task).where(Task.kind == kind)).all()
        left = [one for one in tasks if one.done_at is None]
        for what, some in {
            "made": [one for one in tasks if since <= one.made_at < until],
            "done": [one for one in tasks if one.done_at and since <= one.done_at < until],
            "open": left,
            "overdue": [one for one in left if one.due_at and one.due_at < END],
        }.items():
            found[f"tasks_{what}:{kind}"] = len({one.case_id for one in some})
    return found


def listed(session: Session, named: str, since: datetime | None, until: datetime | None) -> int:
    """How many mentions the page shows behind a figure."""
    mentions = select(func.count()).select_from(Listing).where(behind(session, named, since, until, END))
    return session.scalar(mentions) or 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_list_behind_a_figure_about_deeds_holds_the_cases_that_it_counts(history: History, seed: int) -> None:
    seen: Counter[str] = Counter()
    with history(seed) as session:
        for period in (some_period(seed), Period(END - timedelta(days=400), END)):
            for named, count in deeds(session, period).items():
                assert listed(session, named, period.start, period.end) == count, named
                seen[named.partition(":")[0]] += count
    assert not [named for named, count in seen.items() if not count]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_list_behind_the_uplift_holds_the_reviews_that_it_compares(history: History, seed: int) -> None:
    with history(seed) as session:
        found = rating_uplift(session, Period(END - timedelta(days=30), END), Scope())
        first, last = found.window.start, found.window.end
        groups = {"answered": found.answered.raised, "unanswered": found.unanswered.raised}
        assert all(share.whole for share in groups.values())
        for name, share in groups.items():
            assert listed(session, f"raised:{name}", first, last) == share.part
            assert listed(session, f"low:{name}", first, last) == share.whole
        assert listed(session, "low", first, last) == sum(share.whole for share in groups.values())


def test_the_list_behind_the_paradox_holds_who_came_back_and_what_they_said(history: History) -> None:
    with history(2) as session:
        period = Period(END + timedelta(days=30), END + timedelta(days=60))
        table = paradox(session, period)
        assert table.never_failed.came_back.part
        for name in GROUPS:
            group: Returned = getattr(table, name)
            counts = {
                "back": group.came_back.part,
                "back_positive": group.positive.part,
                "back_rated": group.stars.count,
            }
            for what, count in counts.items():
                assert listed(session, f"{what}:{name}", period.start, period.end) == count


def test_the_list_behind_a_spike_holds_what_was_assessed_while_it_went_on(history: History) -> None:
    with history(1) as session:
        assessed = [
            (one, listing)
            for one, revision, listing in session.execute(
                select(Assessment, Revision, Listing)
                .join(Revision, Revision.id == Assessment.revision_id)
                .join(Listing, Listing.mention_id == Revision.mention_id)
                .where(Revision.number == 1)
            )
        ]
        since, ended = END - timedelta(days=30), END - timedelta(days=10)
        for labels in ({}, {"location": "浅草"}, {"source": "maps"}):
            spike = Spike(id=7, what="volume", labels=labels, score=1.0, since=since, opened_at=since, ended_at=ended)
            fresh = [
                one
                for one, listing in assessed
                if since <= one.assessed_at < ended and listing.at > one.assessed_at - timedelta(hours=30)
                and labels.get("location", listing.location) == listing.location
                and ("source" not in labels or source_keys(session)[listing.source_id] == "maps")
            ]  # fmt: skip
            for negative in (False, True):
                found = session.scalars(mentions_of_spike(spike, END, negative=negative)).all()
                assert len(found) == len([one for one in fresh if not negative or one.sentiment == "negative"])
                assert found


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[History]:
    """Opens a session over the history of a seed, which is written once and only read."""
    folder, known = tmp_path_factory.mktemp("histories"), dict[int, Database]()

    @contextmanager
    def of(seed: int) -> Iterator[Session]:
        if seed not in known:
            known[seed] = Database(f"sqlite:///{copy(migrated_sqlite, folder / f'{seed}.sqlite')}", b"key of the log")
            with known[seed].write() as session:
                write_history(session, seed)
        with known[seed].read() as session:
            yield session

    yield of
    for database in known.values():
        database.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_list_behind_a_figure_holds_the_cases_that_it_counts(history: History, seed: int) -> None:
    with history(seed) as session:
        for salt in (seed, seed + 100):
            period = some_period(salt)
            counted = figures(session, period)
            assert counted["all"] > 0
            assert {f"reached:{state}" for state in MOVES} <= counted.keys()
            for named, count in counted.items():
                assert listed(session, named, period.start, period.end) == count, named
        whole = session.scalars(select(Case.id).where(Case.merged_into.is_(None))).all()
        assert listed(session, "all", None, None) == len(whole)
        assert listed(session, "all", period.end + timedelta(days=9000), None) == 0


@pytest.mark.parametrize(
    "named",
    [
        "", "nothing", "reached:", "reached:heaven", "severity", "a:b:c", "' OR 1=1 --", "in_time:closed", "tasks",
        "tasks_made:nothing", "tasks_lost", "offers:nothing", "offers_lost", "said_nothing", "back", "back:nobody",
        "raised", "raised:all", "open_wide", "won", "asked_twice", "spike", "spike:", "spike:99", "spike:x",
        "spike:99999999999999999999",
    ],
)  # fmt: skip
def test_a_name_that_is_none_counts_nothing(history: History, named: str) -> None:
    with history(1) as session:
        assert listed(session, named, END - timedelta(days=400), END) == 0
    assert counted_said(named, Words("en"))


def test_without_days_a_figure_that_needs_them_counts_nothing(history: History) -> None:
    with history(1) as session:
        assert [listed(session, named, None, None) for named in ("low", "raised:answered", "back:recovered")] == [
            0,
            0,
            0,
        ]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_figure_of_a_report_opens_something(history: History, language: str) -> None:
    assumed = ReturnSettings(
        customer_value=Amount(amount=Decimal(60000), currency="JPY"),
        hourly_cost=Amount(amount=Decimal(2500), currency="JPY"),
    )
    with history(2) as session:
        period = days_between((END - timedelta(days=40)).date(), (END - timedelta(days=1)).date(), UTC)
        asked = Question("Sora", "period", period, END, lambda start, end: end - start, str, assumed=assumed)
        made, say = make_report(session, asked), Words(language)
    seen = set()
    for section in sections(made, say):
        for cell in (cell for row in section.rows for cell in row if cell.value):
            assert cell.link is not None, (section.key, cell.text)
            seen.add(section.key)
    assert {"volume", "mood", "topics", "places", "times", "recovery", "causes", "tasks", "money"} <= seen
    assert all(one.link for one in main_figures(made, say))
    _, found = what_changed(made, say)
    assert all(one.link for one in (*found, *what_to_do(made, say)))
