"""The route tree, checked by hand-made trees; thousands of random ones were compared with amtool itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.routing.routes_test import routes_test
from alerts.routing.tree import resolve, route_tree, walk
from config.mistakes import ConfigurationError
from config.route import Route
from tests.alerts.conftest import NOON

RECEIVERS = [{"name": name} for name in "ABCDE"]


def receivers(route: dict[str, Any], at: datetime = NOON, **labels: str) -> list[str]:
    written = {"route": route, "receivers": RECEIVERS}
    return list(routes_test(written, labels, at)["receivers"])


def test_a_tree_without_children_takes_everything() -> None:
    assert receivers({"receiver": "A"}) == ["A"]


def test_the_first_child_that_matches_ends_the_search() -> None:
    route = {"receiver": "A", "routes": [{"matchers": ["x=1"], "receiver": "B"}, {"receiver": "C"}]}
    assert receivers(route, x="1") == ["B"]
    assert receivers(route, x="2") == ["C"]


def test_continue_goes_on_with_the_neighbours_and_repeats_are_kept() -> None:
    route = {
        "receiver": "A",
        "routes": [
            {"matchers": ["x=1"], "receiver": "B", "continue": True},
            {"matchers": ["x=~.+"], "receiver": "C", "continue": True},
            {"matchers": ["y=1"], "receiver": "D"},
            {"receiver": "B"},
        ],
    }
    assert receivers(route, x="1") == ["B", "C", "B"]
    assert receivers(route, x="1", y="1") == ["B", "C", "D"]


def test_a_node_whose_children_all_fail_is_the_answer_and_ends_the_search_above() -> None:
    route = {
        "receiver": "A",
        "routes": [
            {"matchers": ["x=1"], "receiver": "B", "routes": [{"matchers": ["y=1"], "receiver": "C"}]},
            {"receiver": "D"},
        ],
    }
    assert receivers(route, x="1") == ["B"]
    assert receivers(route, x="1", y="1") == ["C"]


def test_receiver_grouping_and_timers_are_inherited() -> None:
    tree = route_tree(
        Route.model_validate(
            {
                "receiver": "A",
                "group_by": ["topic"],
                "group_wait": "10s",
                "repeat_interval": "1h",
                "routes": [
                    {"matchers": ["x=1"], "group_by": ["..."], "routes": [{"group_wait": "0s", "group_by": []}]},
                ],
            }
        )
    )
    root, child, grandchild = walk(tree)
    assert (root.options.group_by, root.options.group_interval) == (("topic",), timedelta(minutes=5))
    assert child.options.receiver == "A"
    assert child.options.group_by_all
    assert child.options.group_wait == timedelta(seconds=10)
    assert grandchild.options.group_by_all  # an empty list is inherited, as in Alertmanager
    assert grandchild.options.group_wait == timedelta(0)
    assert grandchild.options.repeat_interval == timedelta(hours=1)


def test_match_is_sugar_and_a_list_means_any_of_its_values() -> None:
    route = {"receiver": "A", "routes": [{"match": {"topic": ["staff", "food"], "rating": 1}, "receiver": "B"}]}
    assert receivers(route, topic="food", rating="1") == ["B"]
    assert receivers(route, topic="price", rating="1") == ["A"]
    assert receivers(route, topic="food", rating="2") == ["A"]


def test_times_of_activity_silence_a_route_and_are_not_inherited() -> None:
    written = {
        "route": {
            "receiver": "A",
            "routes": [
                {
                    "matchers": ["x=1"],
                    "receiver": "B",
                    "mute_time_intervals": ["nights"],
                    "routes": [{"matchers": ["y=1"], "receiver": "C"}],
                }
            ],
        },
        "receivers": RECEIVERS,
        "time_intervals": [
            {
                "name": "nights",
                "time_intervals": [
                    {"times": [{"start_time": "22:00", "end_time": "24:00"}], "location": "Asia/Tokyo"},
                    {"times": [{"start_time": "00:00", "end_time": "06:00"}], "location": "Asia/Tokyo"},
                ],
            }
        ],
    }
    night = datetime(2026, 11, 2, 14, 0, tzinfo=UTC)  # 23:00 in Tokyo
    muted = routes_test(written, {"x": "1"}, night)
    assert muted["receivers"] == ["B"]  # as amtool prints it
    assert muted["hits"][0]["muted_by"] == "mute_time:nights"
    assert "silent now" in muted["reasons"][0]
    assert routes_test(written, {"x": "1"}, NOON)["hits"][0]["muted_by"] is None
    assert routes_test(written, {"x": "1", "y": "1"}, night)["hits"][0]["muted_by"] is None


def test_a_decision_tells_each_receiver_once_and_leaves_muted_ones_out() -> None:
    tree = route_tree(
        Route.model_validate({"receiver": "A", "routes": [{"receiver": "B", "continue": True}, {"receiver": "B"}]})
    )
    decision = resolve(tree, {}, NOON)
    assert decision.receivers == ("B", "B")
    assert decision.told() == ["B"]
    assert decision.path == ("route", "route.routes[0]", "route.routes[1]")


@pytest.mark.parametrize(
    ("route", "line"),
    [
        ({"routes": []}, "route.receiver"),
        ({"receiver": "A", "matchers": ["a=b"]}, "first route takes everything"),
        ({"receiver": "A", "continue": True}, "no neighbours"),
        ({"receiver": "A", "routes": [{"matchers": ["a=~("]}]}, r"route.routes\[0\].matchers"),
        ({"receiver": "A", "routes": [{"receiver": "Z"}]}, "there is no receiver 'Z'"),
        ({"receiver": "A", "routes": [{"mute_time_intervals": ["nowhere"]}]}, "nowhere"),
        ({"receiver": "A", "group_by": ["...", "a"]}, "every label"),
        ({"receiver": "A", "repeat_interval": "0s"}, "must not be zero"),
        ({"receiver": "A", "recever": "B"}, "did you mean `receiver`"),
    ],
)
def test_a_wrong_tree_is_refused_with_the_place_and_what_to_do(route: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError, match=line):
        receivers(route)


def test_our_own_receivers_and_teams_are_receivers_too() -> None:
    written = {
        "route": {"receiver": "social", "routes": [{"match": {"topic": "staff"}, "receiver": "front-desk"}]},
        "receivers": {"social": {"slack": {"channel": "#x"}}},
        "teams": {"front-desk": {"channel": "#front-desk"}},
    }
    assert routes_test(written, {"topic": "staff"}, NOON)["receivers"] == ["front-desk"]


def test_an_empty_name_is_no_label_to_group_by() -> None:
    with pytest.raises(ConfigurationError, match=r"route\.group_by: an empty name is no label"):
        receivers({"receiver": "A", "group_by": [""]})


def test_durations_are_read_as_alertmanager_reads_them() -> None:
    route = {"receiver": "A", "group_wait": 0, "group_interval": "100ms", "repeat_interval": "1y2w"}
    (root,) = walk(route_tree(Route.model_validate(route)))
    assert root.options.group_wait == timedelta(0)
    assert root.options.group_interval == timedelta(milliseconds=100)
    assert root.options.repeat_interval == timedelta(days=365 + 14)
    found = routes_test({"route": {**route, "group_wait": "0"}, "receivers": RECEIVERS}, {}, NOON)["hits"][0]
    assert (found["group_wait"], found["group_interval"]) == ("0s", "100ms")
