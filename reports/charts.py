"""Charts by one Vega-Lite specification each: interactive in a page, PNG in Slack and on paper.

The picture is drawn by vl-convert in a short-lived child process, because its engine keeps 135 MB; the font is
shipped, so that Japanese shows on a machine without system fonts.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.control import ControlPoint

if TYPE_CHECKING:
    import altair

FONTS = Path(__file__).with_name("fonts")
FONT = "Noto Sans CJK JP"
INK, QUIET, BAND, ALARM = "#1f2933", "#52606d", "#d9e2ec", "#b42318"
WIDTH, HEIGHT = 640, 260
DRAW_WITHIN = 60  # seconds
_WORDS = {
    "ja": {"mentions": "投稿数", "usual": "通常の範囲", "expected": "予測", "share": "割合", "limits": "管理限界"},
    "en": {
        "mentions": "Mentions",
        "usual": "Usual range",
        "expected": "Expected",
        "share": "Share",
        "limits": "Limits",
    },
}


def volume_chart(title: str, points: Sequence[Sequence[Any]], language: str, utc_offset: timedelta) -> dict[str, Any]:
    """The Vega-Lite specification of a volume with its baseline band.

    `points` are rows of [start (ISO), mentions, negative, expected, upper edge], as storage.series keeps them. Times
    are shown at `utc_offset`, because a specification knows no time zones.
    """
    import altair as alt

    words = _WORDS[language]
    rows = [
        {"at": _local(start, utc_offset), "mentions": mentions, "expected": expected, "upper": upper}
        for start, mentions, _, expected, upper in points
    ]
    base = alt.Chart(inline(rows)).encode(x=_time_axis())
    scale = alt.Y("upper:Q", title=words["mentions"])
    band = base.mark_area(color=BAND, interpolate="monotone").encode(y=scale, y2=alt.datum(0))
    usual = base.mark_line(color=QUIET, strokeDash=[4, 3], strokeWidth=1.2).encode(y="expected:Q")
    counts = base.mark_line(color=INK, strokeWidth=1.6).encode(
        y="mentions:Q",
        tooltip=[alt.Tooltip("at:T", format="%m/%d %H:%M"), alt.Tooltip("mentions:Q"), alt.Tooltip("expected:Q")],
    )
    above = base.mark_point(color=ALARM, filled=True, opacity=1, size=34).encode(y="mentions:Q")
    return finished(
        alt.layer(band, usual, counts, above.transform_filter("datum.mentions > datum.upper")),
        title,
        f"━ {words['mentions']}   ┄ {words['expected']}   ■ {words['usual']}",
    )


def control_chart(title: str, points: Sequence[ControlPoint], language: str, *, share: bool) -> dict[str, Any]:
    """The Vega-Lite specification of a p (`share`) or u chart: stepped limits, rule violations marked."""
    import altair as alt

    words = _WORDS[language]
    rows = [
        {
            "at": point.label,
            "value": point.value,
            "centre": point.centre,
            "lower": point.lower,
            "upper": point.upper,
            "rules": ", ".join(str(rule) for rule in point.rules),
        }
        for point in points
    ]
    axis = alt.Axis(format=".0%" if share else "~g")
    x = alt.X("at:O", title=None, axis=alt.Axis(labelAngle=-45), sort=None)
    base = alt.Chart(inline(rows)).encode(x=x)
    scale = alt.Y("upper:Q", title=words["share"] if share else words["mentions"], axis=axis)
    band = base.mark_area(color=BAND, interpolate="step").encode(y=scale, y2="lower:Q")
    centre = base.mark_line(color=QUIET, strokeDash=[4, 3]).encode(y="centre:Q")
    values = base.mark_line(color=INK, point=alt.OverlayMarkDef(color=INK, size=26)).encode(y="value:Q")
    out = base.mark_point(color=ALARM, filled=True, opacity=1, size=70).encode(
        y="value:Q", tooltip=["at:O", "value:Q", "rules:N"]
    )
    return finished(
        alt.layer(band, centre, values, out.transform_filter("datum.rules != ''")), title, f"■ {words['limits']}"
    )


def png(specification: dict[str, Any], scale: float = 2.0) -> bytes:
    """The picture of a specification. Raises RuntimeError, one line, when it cannot be drawn."""
    return pngs([specification], scale)[0]


def pngs(specifications: Sequence[dict[str, Any]], scale: float = 1.6) -> list[bytes]:
    """The pictures of several specifications, drawn by one child: its start takes longer than a picture."""
    if not specifications:
        return []
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and module; the data goes in by stdin
            [sys.executable, "-m", "reports.drawing", str(FONTS), str(scale)],
            input=json.dumps(specifications).encode(),
            capture_output=True,
            timeout=DRAW_WITHIN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"the chart was not drawn within {DRAW_WITHIN} s") from None
    pictures = [base64.b64decode(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or len(pictures) != len(specifications):
        problem = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RuntimeError(f"the chart could not be drawn: {problem[-1][:200] if problem else 'no picture came'}")
    return pictures


def inline(rows: list[dict[str, Any]]) -> altair.InlineData:
    """Rows inside the specification: nothing is fetched."""
    import altair as alt

    data: altair.InlineData = alt.InlineData(values=rows)
    return data


def _time_axis() -> altair.X:
    import altair as alt

    return alt.X("at:T", title=None, axis=alt.Axis(format="%m/%d %H:%M", labelAngle=-30, tickCount=8))


def _local(start: str, utc_offset: timedelta) -> str:
    return (datetime.fromisoformat(start) + utc_offset).replace(tzinfo=None).isoformat()


def finished(chart: altair.LayerChart | altair.FacetChart, title: str, legend: str) -> dict[str, Any]:
    """The specification of a chart in the house's look, with its legend as a line of text."""
    import altair as alt

    heading = alt.TitleParams(
        text=title, subtitle=legend, anchor="start", color=INK, subtitleColor=QUIET, fontSize=15, subtitleFontSize=11
    )
    specification: dict[str, Any] = (
        chart.properties(title=heading, width=WIDTH, height=HEIGHT)
        .configure(font=FONT, background="white", padding=14)
        .configure_title(fontWeight="normal")
        .configure_axis(labelColor=QUIET, titleColor=QUIET, titleFontWeight="normal", gridColor="#eef1f4", domain=False)
        .configure_view(stroke=None)
        .to_dict()
    )
    return specification
