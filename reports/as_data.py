"""A report for machines: the same statements and tables, with their paths."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from reports.as_text import title_of
from reports.findings import findings
from reports.report import Report
from reports.sections import sections
from reports.statements import what_changed, what_to_do
from reports.words import Words


def as_data(report: Report, language: str) -> dict[str, Any]:
    """What JSON can hold: values are numbers, shares between 0 and 1, times in hours, amounts as text."""
    say = Words(language)
    kinds = [{"kind": one.kind, "sure": one.sure} for one in findings(report)]
    _, told = what_changed(report, say)
    return {
        "title": title_of(report, language),
        "kind": report.kind,
        "brand": report.brand,
        "place": report.scope.place,
        "source": report.scope.source,
        "since": report.period.days[0].isoformat(),
        "until": report.period.days[-1].isoformat(),
        "compared_since": report.period.before.days[0].isoformat(),
        "compared_until": report.period.before.days[-1].isoformat(),
        "made_at": report.made_at.isoformat(),
        "findings": [{**kind, "text": one.text, "link": one.link} for kind, one in zip(kinds, told, strict=True)],
        "advice": [{"text": one.text, "link": one.link} for one in what_to_do(report, say)],
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "columns": section.columns,
                "rows": [
                    [{"text": cell.text, "value": _plain(cell.value), "link": cell.link} for cell in row]
                    for row in section.rows
                ],
                "note": section.note,
            }
            for section in sections(report, say)
        ],
    }


def _plain(value: float | Decimal | None) -> float | str | None:
    return str(value) if isinstance(value, Decimal) else value
