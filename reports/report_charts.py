"""The charts of a report, as Vega-Lite specifications by the section that they belong to."""

from __future__ import annotations

from math import sqrt
from typing import Any

from reports.charts import ALARM, BAND, INK, QUIET, amount, control_chart, finished, layer
from reports.report import Report
from reports.words import Words

MOST_TOPICS = 8
FUNNEL_Z = 3.09  # 99.8 %: the limits beyond which a place differs


def charts_of(report: Report, say: Words) -> dict[str, dict[str, Any]]:
    """Only those that show something; by the key of their section."""
    charts = {}
    if sum(1 for point in report.control if point.upper > point.lower) > 1:
        charts["mood"] = control_chart(say("chart.control"), report.control, say.language, share=True)
    if any(line.now.part or line.before.part for line in report.topics):
        charts["topics"] = _topics(report, say)
    if len(report.places) > 2:
        charts["places"] = _places(report, say)
    if len(report.causes) > 1:
        charts["causes"] = _causes(report, say)
    return charts


def _topics(report: Report, say: Words) -> dict[str, Any]:
    """A bar for now, a tick for before."""
    rows = [
        {"topic": say.name("topic", line.topic), "now": line.now.part, "before": line.before.part, "said": line.verdict}
        for line in report.topics[:MOST_TOPICS]
    ]
    y = {"field": "topic", "type": "nominal", "sort": None, "title": None}
    x = amount("now", title=say("chart.complaints"), axis={"tickMinStep": 1, "format": "d"})
    tick = {"type": "tick", "color": INK, "thickness": 2, "height": {"band": 0.85}}
    layers = [
        layer({"type": "bar", "height": {"band": 0.6}}, x=x, y=y, color=_alarm_if_up("#7b8794")),
        layer(tick, only="datum.before > 0", x=amount("before"), y=y),
    ]
    legend = f"■ {say('chart.now')}   ┃ {say('chart.before')}"
    if any(row["said"] == "up" for row in rows):
        legend += f"   {say('chart.rising')}"
    return finished(layers, say("chart.topics"), legend, rows)


def _places(report: Report, say: Words) -> dict[str, Any]:
    """A funnel plot: share against size, with limits that narrow as the size grows."""
    usual = report.places[0].usual
    most = max(line.negative.whole for line in report.places)
    limits = []
    for step in range(1, 61):
        size = max(1.0, most * 1.05 * step / 60)
        reach = FUNNEL_Z * sqrt(usual * (1 - usual) / size)
        limits.append({"n": size, "low": max(0.0, usual - reach), "high": min(1.0, usual + reach), "usual": usual})
    rows: list[dict[str, Any]] = [
        {"place": line.place[:24], "n": line.negative.whole, "share": line.negative.value, "said": line.verdict}
        for line in report.places
    ]
    x = amount("n", title=say("chart.mentions"))
    low = amount("low", title=say("chart.share"), axis={"format": ".0%"})
    dot = {"type": "point", "filled": True, "opacity": 1, "size": 55}
    name = {"type": "text", "align": "left", "dx": 7, "dy": -5, "color": INK, "fontSize": 11}
    named = None if len(rows) <= 8 else "datum.said == 'up' || datum.said == 'down'"
    text = {"field": "place", "type": "nominal"}
    layers = [
        layer({"type": "area", "color": BAND}, rows=limits, x=x, y=low, y2={"field": "high"}),
        layer({"type": "line", "color": QUIET, "strokeDash": [4, 3]}, rows=limits, x=x, y=amount("usual")),
        layer(dot, rows=rows, x=x, y=amount("share"), color=_alarm_if_up(INK)),
        layer(name, rows=rows, only=named, x=x, y=amount("share"), text=text),
    ]
    return finished(layers, say("chart.places"), f"┄ {say('places.usual')}   ■ 99.8%")


def _causes(report: Report, say: Words) -> dict[str, Any]:
    """Bars by frequency, and the line of what they add up to."""
    whole, passed, rows = sum(count for _, count in report.causes), 0, []
    for cause, count in report.causes:
        passed += count
        rows.append({"cause": say.name("cause", cause), "n": count, "cumulative": passed / whole})
    x = {"field": "cause", "type": "nominal", "sort": None, "title": None, "axis": {"labelAngle": -25}}
    count_axis = amount("n", title=say("causes.count"), axis={"tickMinStep": 1, "format": "d"})
    share = amount(
        "cumulative", title=say("chart.cumulative"), scale={"domain": [0, 1]}, axis={"format": ".0%", "grid": False}
    )
    layers = [
        layer({"type": "bar", "color": "#7b8794", "width": {"band": 0.7}}, x=x, y=count_axis),
        layer({"type": "line", "color": ALARM, "point": {"color": ALARM}}, x=x, y=share),
    ]
    legend = f"■ {say('causes.count')}   ━ {say('chart.cumulative')}"
    made = finished(layers, say("chart.causes"), legend, rows)
    return made | {"resolve": {"scale": {"y": "independent"}}}


def _alarm_if_up(otherwise: str) -> dict[str, Any]:
    return {"condition": {"test": "datum.said == 'up'", "value": ALARM}, "value": otherwise}
