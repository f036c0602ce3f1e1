"""What the rows say, in the shape of Prometheus: the same whichever process is asked, and nothing of a person.

Labels are names of ours and of the configuration. Every query is bounded: it reads what is open, what waits, or the
newest rows of a span, never a table that only grows.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kintsugi.metrics.backlog import backlog
from kintsugi.metrics.drift import LABELS, moved, windows
from kintsugi.metrics.reasons import reason_of
from kintsugi.operating.readiness import TICKED, parts_late
from kintsugi.steps.pressure import pressure
from kintsugi.web.queries.health import healths
from storage.assessment import Assessment
from storage.case import CLOCKS, OPEN_STATES, STATES, Case, CaseClock
from storage.delivery import Delivery
from storage.due import Due
from storage.escalation import EscalationStep
from storage.mention import Revision
from storage.source import Crawl, Source
from storage.spike import Spike
from storage.work import Work

if TYPE_CHECKING:
    from config.settings import Settings
    from kintsugi.app import App

DAY, MONTH = timedelta(days=1), timedelta(days=30)
NEWEST = 200  # rows from which the times between two stages are computed
MOST_FAILING = 2000
DISPOSITIONS = ("new", "revised", "unchanged", "ignored", "rejected")
HEALTHS = ("fine", "new", "failing", "paused", "late", "pushed", "put_off")


class RowsCollector:
    """A collector of prometheus-client over one installation: one consistent view a scrape."""

    def __init__(self, app: App) -> None:
        self._app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """All families."""
        app, at = self._app, self._app.clock.now()
        with app.database.read() as session:
            yield from _waiting(session, app.settings, at)
            yield from _crawls(session, at)
            yield from _sources(session, app.settings, at)
            yield from _deliveries(session)
            yield from _cases(session, at)
            yield from _times(session)
            yield from _drift(session, at)
            yield from _ticks(session, at)
        yield from _disk(app)


def registry_of(app: App) -> CollectorRegistry:
    """A registry that holds nothing but the rows of this installation."""
    registry = CollectorRegistry()
    registry.register(RowsCollector(app))
    return registry


def _waiting(session: Session, settings: Settings, at: datetime) -> Iterator[GaugeMetricFamily]:
    items = GaugeMetricFamily("kintsugi_backlog_items", "Subjects that wait for a step.", labels=["step"])
    age = GaugeMetricFamily("kintsugi_backlog_age_seconds", "How long the oldest of them has waited.", labels=["step"])
    for one in backlog(session, at, jobs=settings.engine == "postgres"):
        items.add_metric([one.step], one.items)
        age.add_metric([one.step], max(0.0, (at - one.since).total_seconds()) if one.since else 0.0)
    parked = GaugeMetricFamily(
        "kintsugi_parked_items", "Subjects given up after repeated failures: kintsugi parked list.", labels=["step"]
    )
    for step, count in session.execute(
        select(Work.step, func.count()).where(Work.state == "parked").group_by(Work.step)
    ):
        parked.add_metric([step], count)
    put_off = GaugeMetricFamily(
        "kintsugi_crawls_put_off", "1 while no crawl is started, since this step is behind.", labels=["step"]
    )
    behind = pressure(session, settings, at)
    if behind is not None:
        put_off.add_metric([behind.step], 1.0)
    yield from (items, age, parked, put_off)


def _crawls(session: Session, at: datetime) -> Iterator[GaugeMetricFamily]:
    """The account of the last day; what is under way has not closed its account yet."""
    columns = [func.sum(getattr(Crawl, name)) for name in ("fetched", *DISPOSITIONS)]
    recent = (Crawl.started_at >= at - DAY, Crawl.state != "running")
    items = GaugeMetricFamily(
        "kintsugi_crawled_items",
        "Items read in the last 24 hours, by what became of them.",
        labels=["source", "became"],
    )
    lost = GaugeMetricFamily(
        "kintsugi_crawl_unaccounted_items",
        "Items of the last 24 hours that are in no account: must be 0.",
        labels=["source"],
    )
    rows = session.execute(
        select(Source.key, *columns).join(Source, Source.id == Crawl.source_id).where(*recent).group_by(Source.key)
    )
    for key, fetched, *became in rows:
        for name, count in zip(DISPOSITIONS, became, strict=True):
            items.add_metric([key, name], count)
        lost.add_metric([key], fetched - sum(became))
    crawls = GaugeMetricFamily(
        "kintsugi_crawls", "Crawls of the last 24 hours, by how they ended.", labels=["source", "state"]
    )
    ends = select(Source.key, Crawl.state, func.count()).join(Source, Source.id == Crawl.source_id)
    for key, state, count in session.execute(ends.where(*recent).group_by(Source.key, Crawl.state)):
        crawls.add_metric([key, state], count)
    yield from (items, lost, crawls)


def _sources(session: Session, settings: Settings, at: datetime) -> Iterator[GaugeMetricFamily]:
    health = GaugeMetricFamily(
        "kintsugi_source_health", "1 for what the source is now.", labels=["source", "kind", "health"]
    )
    age = GaugeMetricFamily(
        "kintsugi_source_read_age_seconds",
        "Time since the source was last read, however that ended.",
        labels=["source"],
    )
    for one in healths(session, settings, at):
        for word in HEALTHS:
            health.add_metric([one.key, one.kind, word], float(word == one.word))
        if one.last is not None:
            age.add_metric([one.key], max(0.0, (at - one.last).total_seconds()))
    yield from (health, age)


def _deliveries(session: Session) -> Iterator[GaugeMetricFamily]:
    waiting = ("due", "claimed", "given_up", "unclear")
    states = GaugeMetricFamily(
        "kintsugi_deliveries", "Deliveries that were not sent yet, or never will be.", labels=["state", "receiver"]
    )
    for state, receiver, count in session.execute(
        select(Delivery.state, Delivery.receiver, func.count())
        .where(Delivery.state.in_(waiting))
        .group_by(Delivery.state, Delivery.receiver)
    ):
        states.add_metric([state, receiver], count)
    failing = session.execute(
        select(Delivery.state, Delivery.receiver, Delivery.error)
        .where(Delivery.state.in_(waiting), Delivery.error.is_not(None))
        .order_by(Delivery.id.desc())
        .limit(MOST_FAILING)
    )
    failures = GaugeMetricFamily(
        "kintsugi_delivery_failures",
        "Deliveries whose last try failed, by why: due ones are tried again, the others wait for a person.",
        labels=["state", "receiver", "reason"],
    )
    counted = Counter((state, receiver, reason_of(error or "")) for state, receiver, error in failing)
    for labels, count in sorted(counted.items()):
        failures.add_metric(labels, count)
    yield from (states, failures)


def _cases(session: Session, at: datetime) -> Iterator[GaugeMetricFamily]:
    cases = GaugeMetricFamily(
        "kintsugi_cases", "Cases by state; closed: of those opened in the last 30 days.", labels=["state", "severity"]
    )
    known = (Case.state.in_(OPEN_STATES)) | ((Case.state == "closed") & (Case.opened_at >= at - MONTH))
    for state, severity, count in session.execute(
        select(Case.state, Case.severity, func.count()).where(known).group_by(Case.state, Case.severity)
    ):
        cases.add_metric([state, severity], count)
    clocks = GaugeMetricFamily(
        "kintsugi_clocks",
        "Clocks of cases opened in the last 30 days: met, missed, running.",
        labels=["clock", "state"],
    )
    # One that ran out and was met later counts as missed.
    missed, met = func.count(CaseClock.missed_at), func.count(CaseClock.met_at).filter(CaseClock.missed_at.is_(None))
    counted = {
        name: (late, done, total - late - done)
        for name, total, late, done in session.execute(
            select(CaseClock.name, func.count(), missed, met)
            .join(Case, Case.id == CaseClock.case_id)
            .where(Case.state.in_(STATES), Case.opened_at >= at - MONTH)
            .group_by(CaseClock.name)
        )
    }
    for name in CLOCKS:
        for state, count in zip(("missed", "met", "running"), counted.get(name, (0, 0, 0)), strict=True):
            clocks.add_metric([name, state], count)
    steps = session.scalar(
        select(func.count())
        .select_from(EscalationStep)
        .join(Case, Case.id == EscalationStep.case_id)
        .where(Case.state == "new", EscalationStep.ended.is_(None), EscalationStep.due_at <= at)
    )
    late_steps = GaugeMetricFamily("kintsugi_escalation_steps_due", "Steps that are due and did not run.", value=steps)
    going_on = session.scalar(select(func.count()).where(Spike.ended_at.is_(None)))
    yield from (cases, clocks, late_steps, GaugeMetricFamily("kintsugi_spikes", "Incidents going on.", value=going_on))


def _times(session: Session) -> Iterator[GaugeMetricFamily]:
    """Between two stages, over the newest rows, whichever processes they went through."""
    family = GaugeMetricFamily(
        "kintsugi_path_seconds",
        "Time between two stages of the newest 200: seen to assessed, opened to told, opened to answered.",
        labels=["part", "quantile"],
    )
    assessed = select(Revision.seen_at, Assessment.assessed_at).join(Revision, Revision.id == Assessment.revision_id)
    told = (
        select(Delivery.made_at, Delivery.sent_at)
        .where(Delivery.purpose == "case_message", Delivery.sent_at.is_not(None))
        .where(Delivery.id > select(func.max(Delivery.id) - 10 * NEWEST).scalar_subquery())
    )
    answered = (
        select(CaseClock.started_at, CaseClock.met_at)
        .where(CaseClock.name == "first_response", CaseClock.met_at.is_not(None))
        .where(CaseClock.id > select(func.max(CaseClock.id) - 10 * NEWEST).scalar_subquery())
    )
    for part, query in (
        ("assessed", assessed.order_by(Assessment.id.desc())),
        ("told", told.order_by(Delivery.id.desc())),
        ("answered", answered.order_by(CaseClock.id.desc())),
    ):
        rows = session.execute(query.limit(NEWEST))
        took = sorted((ended - began).total_seconds() for began, ended in rows if ended is not None)
        if took:
            family.add_metric([part, "0.5"], median(took))
            family.add_metric([part, "0.95"], took[min(len(took) - 1, int(len(took) * 0.95))])
    yield family


def _drift(session: Session, at: datetime) -> Iterator[GaugeMetricFamily]:
    share = GaugeMetricFamily(
        "kintsugi_model_share", "Share of a label among what was assessed, first: in the first 4 weeks, last: 7 days.",
        labels=["window", "label"],
    )  # fmt: skip
    severe = GaugeMetricFamily("kintsugi_model_severe_share", "Share of major and critical.", labels=["window"])
    sure = GaugeMetricFamily(
        "kintsugi_model_confidence", "Mean probability of the label that was chosen.", labels=["window"]
    )
    count = GaugeMetricFamily("kintsugi_model_assessments", "What these are computed from.", labels=["window"])
    found = windows(session, at)
    for window in found:
        for label in LABELS:
            share.add_metric([window.name, label], window.shares[label])
        severe.add_metric([window.name], window.severe)
        sure.add_metric([window.name], window.sure)
        count.add_metric([window.name], window.assessments)
    yield from (share, severe, sure, count)
    if len(found) == 2:
        yield GaugeMetricFamily(
            "kintsugi_model_drift",
            "How far the shares of the labels moved since the first weeks: 0 the same, 1 nothing in common.",
            value=moved(*found),
        )


def _ticks(session: Session, at: datetime) -> Iterator[GaugeMetricFamily]:
    row = session.get(Due, TICKED)
    if row is not None:
        yield GaugeMetricFamily(
            "kintsugi_tick_late_seconds",
            "How long the next look at the clock is overdue; every process may make it.",
            value=max(0.0, (at - row.at).total_seconds()),
        )
    parts = GaugeMetricFamily(
        "kintsugi_tick_part_late_seconds", "The same for each part of it; grows while the part fails.", labels=["part"]
    )
    for part, late in parts_late(session, at).items():
        parts.add_metric([part], late)
    yield parts


def _disk(app: App) -> Iterator[GaugeMetricFamily]:
    free = shutil.disk_usage(app.folder).free
    yield GaugeMetricFamily("kintsugi_disk_free_bytes", "Free space where the installation lies.", value=free)
    path = app.database.path
    if path is not None:
        sizes = GaugeMetricFamily("kintsugi_database_bytes", "Size of the SQLite files.", labels=["file"])
        for name, file in (("main", path), ("wal", path.with_name(path.name + "-wal"))):
            if file.exists():
                sizes.add_metric([name], file.stat().st_size)
        yield sizes
