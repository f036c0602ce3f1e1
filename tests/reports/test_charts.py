"""Charts are Vega-Lite specifications, and pictures that show Japanese without system fonts."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

import pytest

from reports.charts import FONT, control_chart, png, volume_chart
from reports.control import Sample, p_chart

START = datetime(2026, 11, 1, 15, tzinfo=UTC)
POINTS = [[(START + i * timedelta(minutes=15)).isoformat(), 40 if i == 20 else 5, 1, 5.2, 11.0] for i in range(24)]


def test_a_volume_is_shown_in_local_time_with_its_band_and_what_exceeds_it() -> None:
    chart = volume_chart("言及が急増しています", POINTS, "ja", timedelta(hours=9))
    rows = chart["data"]["values"] if "values" in chart["data"] else chart["datasets"][chart["data"]["name"]]
    assert rows[0] == {"at": "2026-11-02T00:00:00", "mentions": 5, "expected": 5.2, "upper": 11.0}
    assert [layer["mark"]["type"] for layer in chart["layer"]] == ["area", "line", "line", "point"]
    assert chart["layer"][3]["transform"] == [{"filter": "datum.mentions > datum.upper"}]
    assert "通常の範囲" in chart["title"]["subtitle"]
    assert chart["config"]["font"] == FONT


def test_a_picture_is_drawn_in_japanese() -> None:
    drawn = png(volume_chart("浅草・接客", POINTS, "ja", timedelta(hours=9)), scale=1.0)
    plain = png(volume_chart("", POINTS, "ja", timedelta(hours=9)), scale=1.0)
    width, height = struct.unpack(">II", drawn[16:24])
    assert width > 600
    assert height > 250
    assert len(drawn) > len(plain)


def test_a_control_chart_names_the_rules_of_its_marked_points() -> None:
    points = p_chart([Sample(f"week {n}", count, 100) for n, count in enumerate([20, 19, 21, 20, 48])], centre=0.2)
    chart = control_chart("Negative share", points, "en", share=True)
    rows = chart["data"]["values"] if "values" in chart["data"] else chart["datasets"][chart["data"]["name"]]
    assert [row["rules"] for row in rows] == ["", "", "", "", "1"]


def test_a_specification_that_cannot_be_drawn_is_named_in_one_line() -> None:
    with pytest.raises(RuntimeError, match=r"^the chart could not be drawn: [^\n]+$"):
        png({"mark": 3})
