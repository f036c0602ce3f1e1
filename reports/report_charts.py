"""The charts of a report, as Vega-Lite specifications by the section that they belong to."""

from __future__ import annotations

from math import sqrt
from typing import Any

from reports.charts import ALARM, BAND, INK, QUIET, control_chart, finished, inline
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
    import altair as alt

    rows = [
        {"topic": say.name("topic", line.topic), "now": line.now.part, "before": line.before.part, "said": line.verdict}
        for line in report.topics[:MOST_TOPICS]
    ]
    y = alt.Y("topic:N", sort=None, title=None)
    base = alt.Chart(inline(rows))
    colour = alt.condition("datum.said == 'up'", alt.value(ALARM), alt.value("#7b8794"))
    bars = base.mark_bar(height={"band": 0.6}).encode(
        x=alt.X("now:Q", title=say("chart.complaints"), axis=alt.Axis(tickMinStep=1, format="d")), y=y, color=colour
    )
    ticks = base.mark_tick(color=INK, thickness=2, height={"band": 0.85}).encode(x="before:Q", y=y)
    legend = f"■ {say('chart.now')}   ┃ {say('chart.before')}"
    if any(row["said"] == "up" for row in rows):
        legend += f"   {say('chart.rising')}"
    return finished(alt.layer(bars, ticks.transform_filter("datum.before > 0")), say("chart.topics"), legend)


def _places(report: Report, say: Words) -> dict[str, Any]:
    """A funnel plot: share against size, with limits that narrow as the size grows."""
    import altair as alt

    usual = report.places[0].usual
    most = max(line.negative.whole for line in report.places)
    limits = []
    for step in range(1, 61):
        size = max(1.0, most * 1.05 * step / 60)
        reach = FUNNEL_Z * sqrt(usual * (1 - usual) / size)
        limits.append({"n": size, "low": max(0.0, usual - reach), "high": min(1.0, usual + reach), "usual": usual})
    rows = [
        {"place": line.place[:24], "n": line.negative.whole, "share": line.negative.value, "said": line.verdict}
        for line in report.places
    ]
    x = alt.X("n:Q", title=say("chart.mentions"))
    band = (
        alt.Chart(inline(limits))
        .mark_area(color=BAND)
        .encode(x=x, y=alt.Y("low:Q", title=say("chart.share"), axis=alt.Axis(format=".0%")), y2="high:Q")
    )
    line = alt.Chart(inline(limits)).mark_line(color=QUIET, strokeDash=[4, 3]).encode(x=x, y="usual:Q")
    dots = alt.Chart(inline(rows))
    colour = alt.condition("datum.said == 'up'", alt.value(ALARM), alt.value(INK))
    points = dots.mark_point(filled=True, opacity=1, size=55).encode(x=x, y="share:Q", color=colour)
    names = dots.mark_text(align="left", dx=7, dy=-5, color=INK, fontSize=11).encode(x=x, y="share:Q", text="place:N")
    named = names if len(rows) <= 8 else names.transform_filter("datum.said == 'up' || datum.said == 'down'")
    legend = f"┄ {say('places.usual')}   ■ 99.8%"
    return finished(alt.layer(band, line, points, named), say("chart.places"), legend)


def _causes(report: Report, say: Words) -> dict[str, Any]:
    """Bars by frequency, and the line of what they add up to."""
    import altair as alt

    whole, passed, rows = sum(count for _, count in report.causes), 0, []
    for cause, count in report.causes:
        passed += count
        rows.append({"cause": say.name("cause", cause), "n": count, "cumulative": passed / whole})
    base = alt.Chart(inline(rows)).encode(x=alt.X("cause:N", sort=None, title=None, axis=alt.Axis(labelAngle=-25)))
    bars = base.mark_bar(color="#7b8794", width={"band": 0.7}).encode(
        y=alt.Y("n:Q", title=say("causes.count"), axis=alt.Axis(tickMinStep=1, format="d"))
    )
    share = alt.Axis(format=".0%", grid=False)
    line = base.mark_line(color=ALARM, point=alt.OverlayMarkDef(color=ALARM)).encode(
        y=alt.Y("cumulative:Q", title=say("chart.cumulative"), scale=alt.Scale(domain=[0, 1]), axis=share)
    )
    legend = f"■ {say('causes.count')}   ━ {say('chart.cumulative')}"
    return finished(alt.layer(bars, line).resolve_scale(y="independent"), say("chart.causes"), legend)
