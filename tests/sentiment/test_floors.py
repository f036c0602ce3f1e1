"""The quality gate: the shipped model on the test split, which no training has seen."""

import json
from pathlib import Path

import pytest

from sentiment.assessor import Assessor
from sentiment.evaluate import Report, evaluate
from sentiment.labelled import Labelled
from sentiment.wants import intents, with_intents

SENTIMENT = Path(__file__).parents[2] / "sentiment"
# What is held of spans and of the next step is tested beside them (test_spans.py, test_wants.py).
FLOORS: dict[str, dict[str, float]] = {
    language: floors
    for language, floors in json.loads((SENTIMENT / "floors.json").read_text("utf-8")).items()
    if language not in ("things", "statements", "next step")
}


@pytest.fixture(scope="module")
def report(well_read: Assessor, unseen: list[Labelled]) -> Report:
    return evaluate(well_read, unseen, draws=0)


@pytest.fixture(scope="module")
def of_intents(well_read: Assessor, unseen: list[Labelled]) -> Report:
    """What a writer wants is told from the text and its stars, as mentions come."""
    rows = with_intents(unseen, intents())
    assert len(rows) >= 600
    return evaluate(well_read, rows, with_ratings=True, draws=0)


@pytest.mark.parametrize(("language", "figure"), [(lang, name) for lang, floors in FLOORS.items() for name in floors])
def test_no_figure_of_the_shipped_model_falls_below_its_floor(
    language: str, figure: str, report: Report, of_intents: Report
) -> None:
    figures = of_intents if figure == "intent accuracy" else report
    assert figures.figures[language][figure].value >= FLOORS[language][figure]


def test_the_table_names_every_language_and_the_confusion(report: Report) -> None:
    table = report.table()
    assert all(language in table for language in FLOORS)
    assert "wanted \\ found" in table
