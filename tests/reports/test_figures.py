"""Every figure against a slow, obvious computation from the rows and the event log, on random histories."""

from __future__ import annotations

import math
import shutil
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.amount import Amount
from config.reports import ReturnSettings
from reports import cohort, money, voices
from reports.period import Period
from reports.returning import FOLLOWED, YEAR, paradox
from reports.samples import negative_share
from reports.satisfaction import satisfaction
from reports.scope import Scope
from reports.speed import times_to_states
from reports.tasks import tasks
from reports.uplift import rating_uplift
from storage.assessment import assessment_of
from storage.author import Author
from storage.case import OPEN_STATES, Case, CaseClock
from storage.database import Database
from storage.draft import Reply
from storage.event import Event, events_of
from storage.follow_up import FollowUp
from storage.form_answer import FormAnswer
from storage.listing import Listing
from storage.mention import Mention, Revision, latest_revision, revisions_of
from storage.offer import Offer
from storage.outcome import Outcome
from storage.task import Task
from tests.reports.history import END, some_period, write_history

ZONES = [UTC, ZoneInfo("Asia/Tokyo"), ZoneInfo("Asia/Kolkata"), ZoneInfo("America/New_York")]
SCOPES = [Scope(), Scope(), Scope(place="浅草"), Scope(source="maps"), Scope(place="京都", source="play-app")]
Opened = Callable[..., AbstractContextManager[Session]]
random_histories = settings(max_examples=8, derandomize=True, deadline=None, database=None)
SEEDS = st.integers(1, 2)  # writing a history takes longer than counting it ten times


@pytest.fixture(scope="module")
def opened(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Opens a session over the history of a seed, which is written once."""
    folder = tmp_path_factory.mktemp("histories")
    known: dict[tuple[int, int, int], Database] = {}

    @contextmanager
    def make(seed: int, mentions: int = 60, days: int = 60) -> Iterator[Session]:
        key = (seed, mentions, days)
        if key not in known:
            path = shutil.copy(migrated_sqlite, folder / f"{seed}-{mentions}-{days}.sqlite")
            known[key] = Database(f"sqlite:///{path}", b"key of the log")
            with known[key].write() as session:
                write_history(session, seed, mentions, days)
        with known[key].read() as session:
            yield session

    yield make
    for database in known.values():
        database.close()


def at_of(mention: Mention) -> datetime:
    return mention.posted_at or mention.first_seen_at


def inside(at: datetime | None, period: Period) -> bool:
    return at is not None and period.start <= at < period.end


def fits(mention: Mention, scope: Scope) -> bool:
    return scope.place in (None, mention.location) and scope.source in (None, mention.source.key)


def mentions_of(session: Session, period: Period, scope: Scope) -> list[Mention]:
    return [one for one in session.scalars(select(Mention)) if inside(at_of(one), period) and fits(one, scope)]


def cases_of(session: Session, period: Period, scope: Scope) -> list[Case]:
    return [one for one in session.scalars(select(Case)) if inside(one.opened_at, period) and fits(one.mention, scope)]


def mood_of(session: Session, mention: Mention) -> str | None:
    found = assessment_of(session, latest_revision(session, mention.id).id)
    return found.sentiment if found else None


@random_histories
@given(seed=SEEDS, salt=st.integers(0, 999), zone=st.sampled_from(ZONES), scope=st.sampled_from(SCOPES))
def test_mentions_are_counted_as_one_would_by_hand(
    opened: Opened, seed: int, salt: int, zone: ZoneInfo, scope: Scope
) -> None:
    period = some_period(salt, zone)
    with opened(seed) as session:
        ours = mentions_of(session, period, scope)
        counted = voices.tally(session, period, scope)
        assert counted.total == len(ours)
        assert counted.by_source() == Counter(one.source.key for one in ours)
        moods = Counter(mood_of(session, one) for one in ours)
        found = counted.sentiments()
        assert (found.negative, found.neutral, found.positive) == tuple(
            moods[name] for name in ("negative", "neutral", "positive")
        )
        negative = [one for one in ours if mood_of(session, one) == "negative"]
        topics: Counter[str] = Counter()
        for one in negative:
            said = assessment_of(session, latest_revision(session, one.id).id)
            assert said is not None
            topics[said.topics[0]["name"] if said.topics else "other"] += 1
        assert counted.complaints() == topics
        assert sum(topics.values()) == found.negative
        for place, share in counted.places().items():
            there = [one for one in ours if one.location == place and mood_of(session, one)]
            assert (share.part, share.whole) == (sum(mood_of(session, one) == "negative" for one in there), len(there))
        for source, mean in voices.ratings(session, period, scope).items():
            stars = [latest_revision(session, one.id).rating for one in ours if one.source.key == source]
            given_ones = [one for one in stars if one is not None]
            assert mean.count == len(given_ones)
            assert mean.mean == pytest.approx(statistics.mean(given_ones))
            if len(given_ones) > 1:
                assert mean.deviation == pytest.approx(statistics.stdev(given_ones), abs=1e-6)


@random_histories
@given(seed=SEEDS, salt=st.integers(0, 999), zone=st.sampled_from(ZONES))
def test_the_days_of_a_control_chart_add_up_to_the_period(opened: Opened, seed: int, salt: int, zone: ZoneInfo) -> None:
    period = some_period(salt, zone)
    with opened(seed) as session:
        samples = negative_share(session, period, Scope())
        found = voices.tally(session, period, Scope()).sentiments()
        assert (sum(one.count for one in samples), sum(one.size for one in samples)) == (found.negative, found.total)
        by_day = Counter(
            f"{at_of(one).astimezone(zone):%m/%d}"
            for one in mentions_of(session, period, Scope())
            if mood_of(session, one)
        )
        assert {one.label: one.size for one in samples if one.size} == by_day


@random_histories
@given(seed=SEEDS, salt=st.integers(0, 999), scope=st.sampled_from(SCOPES))
def test_the_recovery_of_a_period_is_that_of_its_cases(opened: Opened, seed: int, salt: int, scope: Scope) -> None:
    period = some_period(salt)
    with opened(seed) as session:
        ours = cases_of(session, period, scope)
        cases = cohort.cohort(session, period, scope)
        assert [case.id for case in cases] == [case.id for case in ours]
        decided = [case for case in ours if case.outcome not in (None, "not_a_case")]
        good = [case for case in decided if case.outcome in ("recovered", "improved")]
        rate = cohort.recovery_rate(cases)
        assert (rate.part, rate.whole) == (len(good), len(decided))
        real = [case for case in ours if case.outcome != "not_a_case"]
        kinds = {case.id: {event.kind for event in events_of(session, case.id)} for case in real}
        replied = {reply.case_id for reply in session.scalars(select(Reply)) if reply.posted_at is not None}
        assert cohort.funnel(session, cases, period, scope) == [
            ("flagged", len(real)),
            ("answered", sum(case.id in replied for case in real)),
            ("resolved", sum("resolve" in kinds[case.id] for case in real)),
            ("asked", sum("follow_up" in kinds[case.id] for case in real)),
            ("recovered", len(good)),
        ]
        everybody = session.scalars(select(Case)).all()
        again = known = 0
        for case in real:
            if case.author_id is None:
                continue
            known += 1
            again += any(
                other.author_id == case.author_id and other.id < case.id and other.outcome != "not_a_case"
                for other in everybody
            )
        repeat = cohort.repeat_complaints(session, cases, period, scope)
        assert (repeat.part, repeat.whole) == (again, known)
        assert cohort.causes(cases) == Counter((case.cause or "").split(":")[0] for case in ours if case.cause)
        assert sum(cohort.outcomes(cases).values()) == sum(cohort.severities(cases).values()) == len(ours)
        assert cohort.cases_open(session, scope) == sum(
            case.state in OPEN_STATES and fits(case.mention, scope) for case in everybody
        )


@random_histories
@given(seed=SEEDS, salt=st.integers(0, 999), scope=st.sampled_from(SCOPES))
def test_times_are_those_of_the_event_log(opened: Opened, seed: int, salt: int, scope: Scope) -> None:
    period = some_period(salt)

    def half(start: datetime, end: datetime) -> timedelta:
        return (end - start) / 2

    passed = {
        "acknowledged": {"acknowledge", "investigate", "answer", "resolve"},
        "resolved": {"resolve"},
        "asked": {"follow_up"},
        "closed": {"close"},
    }
    with opened(seed) as session:
        ours = [case for case in cases_of(session, period, scope) if case.outcome != "not_a_case"]
        lines = times_to_states(session, cohort.cohort(session, period, scope), period, scope, half)
        for line in lines:
            waits = []
            for case in ours:
                if line.state == "answered":
                    replies = session.scalars(select(Reply).where(Reply.case_id == case.id))
                    moments = [reply.posted_at for reply in replies if reply.posted_at]
                else:
                    moments = [one.at for one in events_of(session, case.id) if one.kind in passed[line.state]]
                if moments:
                    waits.append((min(moments) - case.opened_at).total_seconds())
            assert line.wall.count == line.business.count == len(waits)
            if waits:
                assert line.wall.median == timedelta(seconds=statistics.median(waits))
                slow = sorted(waits)[math.ceil(0.9 * len(waits)) - 1]
                assert line.wall.p90 == timedelta(seconds=slow)
                assert line.business.p90 == timedelta(seconds=slow) / 2
        clocks = {"acknowledged": "acknowledge", "answered": "first_response", "resolved": "resolution"}
        for state, name in clocks.items():
            met = missed = 0
            for case in ours:
                for clock in session.scalars(select(CaseClock).where(CaseClock.case_id == case.id)):
                    if clock.name == name and (clock.met_at or clock.missed_at):
                        in_time = clock.met_at is not None and clock.met_at <= clock.due_at
                        met, missed = met + in_time, missed + (not in_time)
            kept = next(line.in_time for line in lines if line.state == state)
            assert kept is not None
            assert (kept.part, kept.whole) == (met, met + missed)


@random_histories
@given(seed=SEEDS, salt=st.integers(0, 999), scope=st.sampled_from(SCOPES))
def test_uplift_compares_reviews_with_what_they_said_when_the_answer_came(
    opened: Opened, seed: int, salt: int, scope: Scope
) -> None:
    period = some_period(salt)
    with opened(seed) as session:
        found = rating_uplift(session, period, scope)
        changes: dict[bool, list[float]] = {True: [], False: []}
        for mention in mentions_of(session, found.window, scope):
            said = revisions_of(session, mention.id)
            if mention.kind != "review" or (said[0].rating or 9) >= 3.5:
                continue
            replies = [
                reply.posted_at
                for reply in session.scalars(
                    select(Reply).join(Case, Case.id == Reply.case_id).where(Case.mention_id == mention.id)
                )
                if reply.posted_at
            ]
            answered = min([*replies, *([mention.reply_at] if mention.reply_at else [])], default=None)
            base = said[0]
            for one in said[1:]:
                if answered is not None and one.seen_at <= answered:
                    base = one
            assert said[-1].rating is not None
            assert base.rating is not None
            changes[answered is not None].append(said[-1].rating - base.rating)
        for group, values in ((found.answered, changes[True]), (found.unanswered, changes[False])):
            assert (group.raised.part, group.raised.whole) == (sum(value > 0 for value in values), len(values))
            assert group.stars.count == len(values)
            if values:
                assert group.stars.mean == pytest.approx(statistics.mean(values))
        if changes[True] and changes[False]:
            assert found.difference == pytest.approx(statistics.mean(changes[True]) - statistics.mean(changes[False]))


@pytest.mark.parametrize("seed", [21, 22])
def test_the_paradox_follows_every_customer_for_the_same_ninety_days(opened: Opened, seed: int) -> None:
    with opened(seed, 80, 400) as session:
        found = paradox(session, Period(END - timedelta(days=30), END))
        until = END - FOLLOWED
        since = until - YEAR
        anchors: dict[str, dict[int, datetime]] = {"good": {}, "bad": {}, "calm": {}}
        everybody = session.scalars(select(Mention)).all()
        for author in session.scalars(select(Author)):
            cases = [case for case in session.scalars(select(Case)) if case.author_id == author.id]
            findings = []
            for case in cases:
                known = [
                    one
                    for one in session.scalars(select(Outcome).where(Outcome.case_id == case.id))
                    if one.found_at < until
                ]
                newest = max(known, key=lambda one: one.id, default=None)
                if newest and newest.found_at >= since and newest.name != "not_a_case":
                    findings.append(newest)
            if findings:
                last = max(findings, key=lambda one: (one.found_at, one.id))
                anchors["good" if last.name in ("recovered", "improved") else "bad"][author.id] = last.found_at
            if all(case.outcome == "not_a_case" for case in cases):
                said = [at_of(one) for one in everybody if one.author_id == author.id]
                if said and since <= min(said) < until:
                    anchors["calm"][author.id] = min(said)
        for name, group in (("good", found.recovered), ("bad", found.not_recovered), ("calm", found.never_failed)):
            visits = {
                author: [m for m in everybody if m.author_id == author and at < at_of(m) <= at + FOLLOWED]
                for author, at in anchors[name].items()
            }
            assert group.came_back.whole == len(visits)
            assert group.came_back.part == sum(bool(one) for one in visits.values())
            moods = [mood_of(session, m) for one in visits.values() for m in one]
            assert group.positive.part == moods.count("positive")
            assert group.positive.whole == sum(mood is not None for mood in moods)


@random_histories
@given(seed=SEEDS, salt=st.integers(0, 999), scope=st.sampled_from(SCOPES))
def test_money_is_added_to_the_last_yen(opened: Opened, seed: int, salt: int, scope: Scope) -> None:
    period = some_period(salt)
    assumed = ReturnSettings(
        customer_value=Amount(amount=Decimal(30000), currency="JPY"), stays_anyway=0.25, minutes_per_case=20,
        hourly_cost=Amount(amount=Decimal(2400), currency="JPY"),
    )  # fmt: skip
    with opened(seed) as session:
        cases = cohort.cohort(session, period, scope)
        found = money.offers(session, period, scope)
        every = {case.id: case for case in session.scalars(select(Case)) if fits(case.mention, scope)}
        ours = [offer for offer in session.scalars(select(Offer)) if offer.case_id in every]
        assert found.states == Counter(offer.state for offer in ours if inside(offer.made_at, period))
        redeemed: dict[str, Decimal] = {}
        for offer in ours:
            if inside(offer.redeemed_at, period):
                redeemed[offer.currency] = redeemed.get(offer.currency, Decimal(0)) + offer.cost
        assert found.redeemed == redeemed
        back = money.returns(session, cases, found, assumed, period, scope)
        won = 0
        for case in every.values():
            hits = [
                one.found_at
                for one in session.scalars(
                    select(Outcome).where(Outcome.case_id == case.id, Outcome.name == "recovered")
                )
            ]
            won += case.outcome == "recovered" and bool(hits) and inside(min(hits), period)
        assert back.won_back == won
        handled = sum(case.outcome != "not_a_case" for case in cases_of(session, period, scope))
        cost = redeemed.get("JPY", Decimal(0)) + round(Decimal(handled * 20) / 60 * 2400, 2)
        assert back.cost == cost
        assert back.benefit == won * 22500
        assert back.ratio == ((won * 22500 - cost) / cost if cost else None)
        assert back.left_out == {name: amount for name, amount in redeemed.items() if name != "JPY"}


@random_histories
@given(seed=SEEDS, salt=st.integers(0, 999), scope=st.sampled_from(SCOPES))
def test_tasks_and_answers_are_counted_by_hand(opened: Opened, seed: int, salt: int, scope: Scope) -> None:
    period = some_period(salt)
    with opened(seed) as session:
        every = {case.id for case in session.scalars(select(Case)) if fits(case.mention, scope)}
        for line in tasks(session, period, scope, END):
            ours = [one for one in session.scalars(select(Task)) if one.kind == line.kind and one.case_id in every]
            assert line.made == sum(inside(one.made_at, period) for one in ours)
            assert line.done == sum(inside(one.done_at, period) for one in ours)
            assert line.open == sum(one.done_at is None for one in ours)
            assert line.overdue == sum(
                one.done_at is None and one.due_at is not None and one.due_at < END for one in ours
            )
        found = satisfaction(session, period, scope)
        answers = [
            one for one in session.scalars(select(FormAnswer)) if inside(one.at, period) and one.case_id in every
        ]
        looked = [
            one for one in session.scalars(select(FollowUp)) if inside(one.done_at, period) and one.case_id in every
        ]
        assert (found.asked, found.answers) == (len(looked), len(answers))
        assert (found.recovered.part, found.recovered.whole) == (
            sum(a.recovered == "yes" for a in answers),
            len(answers),
        )
        scores = [a.satisfaction for a in answers if a.satisfaction is not None]
        assert (found.satisfied.part, found.satisfied.whole) == (sum(s >= 4 for s in scores), len(scores))
        nps = [a.nps for a in answers if a.nps is not None]
        if nps:
            promoters, detractors = sum(n >= 9 for n in nps), sum(n <= 6 for n in nps)
            assert found.nps.mean == pytest.approx(100 * (promoters - detractors) / len(nps))


def test_every_listed_mention_is_in_exactly_one_table_cell(opened: Opened) -> None:
    with opened(1) as session:
        assert session.scalars(select(Event)).first() is not None
        assert session.scalars(select(Revision)).first() is not None
        everything = Period(END - timedelta(days=400), END + timedelta(days=1))
        assert voices.tally(session, everything, Scope()).total == len(session.scalars(select(Listing)).all())
