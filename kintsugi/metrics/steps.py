"""How long steps, deliveries and crawls take in this process; with it their traces, and what log lines are about."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from kintsugi.views.subjects import mentions_of, named

if TYPE_CHECKING:
    from kintsugi.operating.tracing import Traces
    from storage.database import Database

disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves it untyped
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

SECONDS = Histogram(
    "kintsugi_step_seconds",
    "Time that one run of a step took over all its subjects; store: what a crawl handed over; deliver: one message.",
    ["step"],
    registry=REGISTRY,
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300),
)
SUBJECTS = Counter("kintsugi_step_subjects", "Subjects that a step was run over.", ["step"], registry=REGISTRY)
FAILURES = Counter("kintsugi_step_failures", "Runs of a step that raised.", ["step"], registry=REGISTRY)
TICK_FAILURES = Counter(
    "kintsugi_tick_failures", "Parts of the look at the clock that raised.", ["part"], registry=REGISTRY
)
CANARIES = Counter(
    "kintsugi_canary_findings",
    "Crawls after which a source was no longer read as it was: silent, nobody (no author found), refused.",
    ["source", "what"],
    registry=REGISTRY,
)
RELOADS = Counter(
    "kintsugi_configuration_reloads",
    "Readings of a changed configuration: taken, refused (the old one stays).",
    ["result"],
    registry=REGISTRY,
)


@contextmanager
def measured(database: Database, traces: Traces, step: str, subjects: Sequence[int]) -> Iterator[None]:
    """Times and traces what runs inside; log lines from there say the step, and its subject where there is one.

    `subjects` may grow meanwhile.
    """
    about = named(step, subjects[0]) if len(subjects) == 1 else {"subjects": len(subjects)}
    started, error = time.time_ns(), None
    try:
        with structlog.contextvars.bound_contextvars(step=step, **about), SECONDS.labels(step).time():
            yield
    except Exception as raised:
        FAILURES.labels(step).inc()
        error = type(raised).__name__
        raise
    finally:
        SUBJECTS.labels(step).inc(len(subjects))
        if traces.on:
            with database.read() as session:
                mentions = mentions_of(session, step, subjects)
            traces.add(step, mentions, started, time.time_ns(), error)
