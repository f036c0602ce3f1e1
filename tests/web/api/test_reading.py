"""What callers read: lists by filters, one of each kind, masked, with tags by which nothing is sent twice."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from tests.web.api.conftest import Client


def test_mentions_are_found_by_each_filter(client: Client) -> None:
    api = client("reader")
    everything = api.get("mentions").json()
    assert [row["id"] for row in everything["items"]] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert everything["next"] is None
    for query, expected in (
        ("text=対応", [8, 7, 6, 5, 4]),
        ("text=breakfast", [3]),
        ("sentiment=negative", [3, 2, 1]),
        ("severity=none", [8, 7, 6, 5, 4]),
        ("topic=cleanliness", [8, 7, 6, 5, 4, 3, 2, 1]),
        ("topic=food", []),
        ("source=maps", [8, 7, 6, 5, 4, 3, 2, 1]),
        ("source=nowhere", []),
        ("place=浅草", [1]),
        ("rating=1", [2]),
        ("language=ja&rating=5", [8, 7, 6, 5, 4]),
        ("since=2026-03-02T06:00:00Z", [8, 7, 6, 5]),
        ("until=2026-03-02T02:30:00Z", [1]),
        ("since=2026-03-02&until=2026-03-02", [8, 7, 6, 5, 4, 3, 2, 1]),
        ("until=2026-03-01", []),
    ):
        answer = api.get(f"mentions?{query}")
        assert answer.status_code == 200, answer.text
        assert [row["id"] for row in answer.json()["items"]] == expected, query


def test_personal_data_is_masked_everywhere(client: Client) -> None:
    api = client("lead")
    for path in ("mentions", "mentions/1", "mentions/1/revisions", "cases", "cases/K-1", "mentions.csv", "cases.csv"):
        answer = api.get(path)
        assert answer.status_code == 200, answer.text
        assert "眠れません" in answer.text
        assert "090-1234-5678" not in answer.text, path
        assert "田中" not in answer.text


def test_a_case_shows_everything_but_the_name_until_somebody_looks(client: Client) -> None:
    api = client("agent")
    case = api.get("cases/K-3").json()
    assert (case["state"], case["team"], case["author"]) == ("new", "front-desk", None)
    assert [clock["name"] for clock in case["clocks"]][:2] == ["acknowledge", "first_response"]
    assert case["timeline"][0]["what"]
    assert "Meyer" not in api.get("cases/K-3/drafts").text
    assert api.post("cases/K-3/author").json()["author"] == "Anna Meyer"
    assert api.get("cases/K-3").json()["author"] == "Anna Meyer"
    assert client("lead").get("cases/K-3").json()["author"] is None
    kinds = [event["kind"] for event in api.get("cases/K-3/events").json()["items"]]
    assert kinds[0] == "opened"


def test_cases_are_listed_by_state_owner_and_what_is_due(client: Client) -> None:
    api = client("agent")
    assert api.post("cases/K-2/claim").status_code == 200

    def refs(query: str) -> list[str]:
        answer = api.get(f"cases?{query}")
        assert answer.status_code == 200, answer.text
        return [row["ref"] for row in answer.json()["items"]]

    assert refs("") == ["K-3", "K-2", "K-1"]
    assert refs("state=acknowledged") == ["K-2"]
    assert refs("owner=agent") == ["K-2"]
    assert refs("owner=nobody&order=due") == ["K-1", "K-3"]
    assert refs("state=closed") == []
    assert refs("team=quality") == []
    assert refs("due_before=2026-03-02T01:30:00Z") == []
    assert refs("order=due")[0] == "K-1"


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    api = client("lead")
    paths = (
        "token", "mentions", "mentions/1", "mentions/1/revisions", "cases", "cases/K-1", "cases/K-1/events",
        "cases/K-1/drafts", "spikes", "spikes/1", "sources", "sources/maps", "sources/maps/crawls", "silences",
        "reports?kind=daily", "figures?since=2026-03-01&until=2026-03-02", "log/verify", "people", "roles", "parked",
    )  # fmt: skip
    for path in paths:
        first = api.get(path)
        assert first.status_code == 200, first.text
        again = api.get(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert api.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_figures_agree_with_the_mentions_that_they_count(client: Client) -> None:
    api = client("reader")
    for by in ("day", "source", "place", "topic", "language", "rating"):
        figures = api.get(f"figures?since=2026-03-01&until=2026-03-02&by={by}").json()
        assert figures["total"] == {"key": None, "mentions": 8, "negative": 3, "neutral": 0, "positive": 5}
        assert sum(row["mentions"] for row in figures["rows"]) == 8
        assert figures["net"] == 0.25
    assert {row["key"]: row["mentions"] for row in figures["rows"]} == {"5": 5, "2": 2, "1": 1}
    assert (figures["opened"], figures["open_now"]) == ({"minor": 3}, 3)
    report = api.get("reports?since=2026-03-01&until=2026-03-02&language=en").json()
    assert {section["key"] for section in report["sections"]} >= {"volume", "outcomes"}
    for section in report["sections"]:
        if section["key"] in ("cases", "outcomes"):
            for row in section["rows"]:
                named = dict(parse_qsl(urlsplit(row[1]["link"] or "").query)).get("cases", "")
                if named:
                    behind = api.get("mentions", params={"cases": named, "since": "2026-03-01", "until": "2026-03-02"})
                    assert len(behind.json()["items"]) == row[1]["value"], named


def test_a_report_is_of_two_years_at_most(client: Client) -> None:
    api = client("reader")
    assert api.get("figures?since=2024-01-01&until=2025-12-31").status_code == 200
    assert api.get("figures?since=2024-01-01&until=2026-01-01").json()["reason"] == "bad_period"


def test_the_installation_tells_about_itself(client: Client) -> None:
    api = client("lead")
    assert api.get("token").json() == {
        "name": "lead",
        "person": "lead",
        "role": "lead",
        "scopes": ["read", "act", "admin"],
    }
    assert api.get("log/verify").json()["whole"] is True
    assert {one["id"]: one["rank"] for one in api.get("people").json()["items"]}["approver"] == "approver"
    assert {one["key"]: one["word"] for one in api.get("sources").json()["items"]} == {"maps": "fine", "desk": "pushed"}
    assert api.get("spikes/1").json()["typical"][0]["id"] == 2
    assert api.get("spikes?open=false").json()["items"] == []
    assert api.get("parked").json() == {"items": []}


def test_a_value_that_is_wrong_is_named_as_it_was_asked(client: Client) -> None:
    told = client("reader").get("mentions?since=2026-13-01").json()
    assert {one["where"] for one in told["errors"]} == {"query.since"}
    assert told["detail"].startswith("query.since: ")
