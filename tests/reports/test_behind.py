"""The list behind a figure about cases holds exactly the cases that it counts, on random histories."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reports import cohort
from reports.behind import counted_cases, counted_said
from reports.period import Period
from reports.scope import Scope
from reports.speed import MOVES, times_to_states
from reports.words import Words
from storage.case import Case
from storage.database import Database
from tests.reports.history import some_period, write_history


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
        | {step if step in ("flagged", "recovered") else f"reached:{step}": count for step, count in steps}
        | {f"reached:{line.state}": line.wall.count for line in times}
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_list_behind_a_figure_holds_the_cases_that_it_counts(
    tmp_path: Path, migrated_sqlite: Path, seed: int
) -> None:
    database = Database(f"sqlite:///{copy(migrated_sqlite, tmp_path / 'history.sqlite')}", b"key of the log")
    with database.write() as session:
        write_history(session, seed)
    with database.read() as session:
        for salt in (seed, seed + 100):
            period = some_period(salt)
            counted = figures(session, period)
            assert counted["all"] > 0
            assert {f"reached:{state}" for state in MOVES} <= counted.keys()
            for named, count in counted.items():
                behind = session.scalars(counted_cases(named, period.start, period.end)).all()
                assert len(behind) == count, named
        whole = session.scalars(counted_cases("all", None, None)).all()
        assert len(whole) == len(session.scalars(select(Case.id).where(Case.merged_into.is_(None))).all())
        later = period.end + timedelta(days=9000)
        assert session.scalars(counted_cases("all", later, None)).all() == []
    database.close()


@pytest.mark.parametrize("named", ["", "nothing", "reached:", "reached:heaven", "severity", "a:b:c", "' OR 1=1 --"])
def test_a_name_that_is_none_counts_nothing(tmp_path: Path, migrated_sqlite: Path, named: str) -> None:
    database = Database(f"sqlite:///{copy(migrated_sqlite, tmp_path / 'history.sqlite')}", b"key of the log")
    with database.write() as session:
        write_history(session, 1, mentions=10)
    with database.read() as session:
        assert session.scalars(counted_cases(named, None, None)).all() == []
    assert counted_said(named, Words("en"))
    database.close()
