"""Charts by one Vega-Lite specification each: interactive in a page, PNG in Slack and on paper.

The specifications are written as they are, without a library that checks each against the whole grammar: that took ten
times as long as everything else of a page. A test draws each of them.

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
from typing import Any

from reports.control import ControlPoint

Rows = list[dict[str, Any]]
FONTS = Path(__file__).with_name("fonts")
FONT = "Noto Sans CJK JP"
INK, QUIET, BAND, ALARM = "#1f2933", "#52606d", "#d9e2ec", "#b42318"
WIDTH, HEIGHT = 640, 260
DRAW_WITHIN = 60  # seconds
_WORDS = {
    "ja": {"mentions": "投稿数", "usual": "通常の範囲", "expected": "通常", "share": "割合", "limits": "管理限界"},
    "en": {
        "mentions": "Mentions",
        "usual": "Usual range",
        "expected": "Usual",
        "share": "Share",
        "limits": "Limits",
    },
}


def volume_chart(title: str, points: Sequence[Sequence[Any]], language: str, utc_offset: timedelta) -> dict[str, Any]:
    """The Vega-Lite specification of a volume with its baseline band.

    `points` are rows of [start (ISO), mentions, negative, expected, upper edge], as storage.series keeps them. Times
    are shown at `utc_offset`, because a specification knows no time zones.
    """
    words = _WORDS[language]
    rows = [
        {"at": _local(start, utc_offset), "mentions": mentions, "expected": expected, "upper": upper}
        for start, mentions, _, expected, upper in points
    ]
    axis = {"format": "%m/%d %H:%M", "labelAngle": -30, "tickCount": 8}
    x = {"field": "at", "type": "temporal", "title": None, "axis": axis}
    scale = amount("upper", title=words["mentions"])
    tooltip = [{"field": "at", "type": "temporal", "format": "%m/%d %H:%M"}, amount("mentions"), amount("expected")]
    usual = {"type": "line", "color": QUIET, "strokeDash": [4, 3], "strokeWidth": 1.2}
    above = {"type": "point", "color": ALARM, "filled": True, "opacity": 1, "size": 34}
    layers = [
        layer({"type": "area", "color": BAND, "interpolate": "monotone"}, x=x, y=scale, y2={"datum": 0}),
        layer(usual, x=x, y=amount("expected")),
        layer({"type": "line", "color": INK, "strokeWidth": 1.6}, x=x, y=amount("mentions"), tooltip=tooltip),
        layer(above, only="datum.mentions > datum.upper", x=x, y=amount("mentions")),
    ]
    legend = f"━ {words['mentions']}   ┄ {words['expected']}   ■ {words['usual']}"
    return finished(layers, title, legend, rows)


def control_chart(title: str, points: Sequence[ControlPoint], language: str, *, share: bool) -> dict[str, Any]:
    """The Vega-Lite specification of a p (`share`) or u chart: stepped limits, rule violations marked."""
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
    x = {"field": "at", "type": "ordinal", "title": None, "sort": None, "axis": {"labelAngle": -45}}
    axis = {"format": ".0%" if share else "~g"}
    scale = amount("upper", title=words["share"] if share else words["mentions"], axis=axis)
    tooltip = [{"field": "at", "type": "ordinal"}, amount("value"), {"field": "rules", "type": "nominal"}]
    out = {"type": "point", "color": ALARM, "filled": True, "opacity": 1, "size": 70}
    layers = [
        layer({"type": "area", "color": BAND, "interpolate": "step"}, x=x, y=scale, y2={"field": "lower"}),
        layer({"type": "line", "color": QUIET, "strokeDash": [4, 3]}, x=x, y=amount("centre")),
        layer({"type": "line", "color": INK, "point": {"color": INK, "size": 26}}, x=x, y=amount("value")),
        layer(out, only="datum.rules != ''", x=x, y=amount("value"), tooltip=tooltip),
    ]
    return finished(layers, title, f"■ {words['limits']}", rows)


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


def amount(field: str, **more: Any) -> dict[str, Any]:
    """A measured value along an axis."""
    return {"field": field, "type": "quantitative", **more}


def layer(
    mark: dict[str, Any], *, only: str | None = None, rows: Rows | None = None, **encoding: Any
) -> dict[str, Any]:
    """One layer of a chart: of those rows only for which the expression holds; of rows of its own where it has some."""
    made: dict[str, Any] = {"mark": mark, "encoding": encoding}
    if only is not None:
        made["transform"] = [{"filter": only}]
    if rows is not None:
        made["data"] = {"values": rows}
    return made


def finished(layers: Sequence[dict[str, Any]], title: str, legend: str, rows: Rows | None = None) -> dict[str, Any]:
    """The specification of a chart in the house's look, with its legend as a line of text; its data stands inside."""
    specification: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {
            "text": title, "subtitle": legend, "anchor": "start", "color": INK, "subtitleColor": QUIET, "fontSize": 15,
            "subtitleFontSize": 11,
        },
        "width": WIDTH,
        "height": HEIGHT,
        "layer": list(layers),
        "config": {
            "font": FONT,
            "background": "white",
            "padding": 14,
            "title": {"fontWeight": "normal"},
            "axis": {
                "labelColor": QUIET, "titleColor": QUIET, "titleFontWeight": "normal", "gridColor": "#eef1f4",
                "domain": False,
            },
            "view": {"stroke": None},
        },
    }  # fmt: skip
    return specification if rows is None else specification | {"data": {"values": rows}}


def _local(start: str, utc_offset: timedelta) -> str:
    return (datetime.fromisoformat(start) + utc_offset).replace(tzinfo=None).isoformat()
