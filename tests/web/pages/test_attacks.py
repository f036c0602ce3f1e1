"""Attacks: forged posts, hostile words on every page, oversized bodies, paths that climb."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from kintsugi.web.guard import CSP, LONGEST_BODY
from tests.web.pages.house import SECRET, WHO, House

PAGES = (
    "/",
    "/mentions",
    "/mentions?q=%3Cscript%3Ealert(1)%3C/script%3E&place=%22%3E%3Cimg%20src%3Dx%3E",
    "/mentions?q=対応",
    "/spikes",
    "/spikes/1",
    "/learn",
    "/outlook",
    "/reports",
    "/reports?kind=monthly&place=%22%3E%3Cimg%20src%3Dx%3E",
    "/sources",
    "/sources/guest-book",
    "/log",
    "/settings",
    "/account",
    "/nowhere%3Cscript%3E",
    "/cases/{case}",
)


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", PAGES)
def test_nothing_that_somebody_wrote_is_markup_and_nothing_comes_from_elsewhere(house: House, path: str) -> None:
    case_id = house.hostile_case()
    admin = house.client("admin")
    if "{case}" in path:
        admin.post(f"/cases/{case_id}/author")
    answer = admin.get(path.replace("{case}", str(case_id)))
    assert answer.headers["content-security-policy"] == CSP
    assert len(answer.content) < 200_000
    assert SECRET not in answer.text
    for tag, attributes in Elements(answer.text).found:
        ours = "pareto" in str(attributes) or (attributes.get("src") or "").startswith("/reports/charts/")
        assert tag not in ("img", "svg", "u", "i", "iframe", "object", "style", "base") or ours
        assert not [name for name in attributes if name.startswith("on") or name == "style"], attributes
        if tag == "script":
            assert (attributes["src"] or "").startswith("/static/")
        for name in ("src", "href", "action", "formaction", "data-chart", "hx-post"):
            value = attributes.get(name)
            if value and not value.startswith(("/", "#", "otpauth://totp/")):
                assert attributes.get("rel") == "noreferrer noopener", (tag, value)
                assert value.startswith("https://"), value


def test_hostile_words_are_there_to_read(house: House) -> None:
    case_id = house.hostile_case()
    client = house.client("admin")
    client.post(f"/cases/{case_id}/author")
    page = client.get(f"/cases/{case_id}").text
    assert "&lt;script&gt;alert(&#39;name&#39;)&lt;/script&gt;" in page
    assert "&lt;/textarea&gt;" in page
    assert "03-1234-5678" not in page  # masked, as everywhere
    assert "javascript:" not in page


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {},
    ],
)
def test_a_forged_post_changes_nothing(house: House, headers: dict[str, str]) -> None:
    client, case_id = house.client("admin"), house.hostile_case()
    del client.headers["sec-fetch-site"]
    answer = client.post(f"/cases/{case_id}/note", data={"text": "forged"}, headers=headers)
    assert answer.status_code == 403
    assert "forged" not in client.get(f"/cases/{case_id}").text


def test_our_own_posts_arrive(house: House) -> None:
    client, case_id = house.client("admin"), house.hostile_case()
    assert client.post(f"/cases/{case_id}/note", data={"text": "ours"}).status_code == 303
    del client.headers["sec-fetch-site"]
    by_origin = client.post(
        f"/cases/{case_id}/note", data={"text": "by origin"}, headers={"origin": "http://testserver"}
    )
    assert by_origin.status_code == 303
    assert "by origin" in client.get(f"/cases/{case_id}").text


def test_no_policy_allows_scripts_in_the_page() -> None:
    assert "unsafe" not in CSP
    assert "default-src 'none'" in CSP
    assert "frame-ancestors 'none'" in CSP


def test_bodies_are_as_long_as_they_may_be(house: House) -> None:
    client = house.client("admin")
    assert client.post("/mentions/views", content=b"x" * (LONGEST_BODY + 1)).status_code == 413
    parts = (b"name=" + b"x" * 65536 for _ in range(40))  # no length is announced
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/mentions/views", content=parts, headers=form).status_code >= 400


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2f..%2fapp.py", "/static/"])
def test_static_files_stay_in_their_folder(house: House, path: str) -> None:
    assert house.client().get(path).status_code in (404, 405)


def test_names_are_masked_until_somebody_looks_and_each_look_is_written_down(house: House) -> None:
    case_id = house.hostile_case()
    viewer, agent = house.client("viewer"), house.client("agent")
    name = "&lt;script&gt;alert(&#39;name&#39;)"
    assert name not in viewer.get(f"/cases/{case_id}").text
    assert name not in agent.get(f"/cases/{case_id}").text
    assert agent.post(f"/cases/{case_id}/author").status_code == 303
    assert name in agent.get(f"/cases/{case_id}").text
    assert name not in viewer.get(f"/cases/{case_id}").text
    log = house.client("admin").get("/log").text
    assert "投稿者名を閲覧" in log
    assert f'<a href="/cases/{case_id}">K-{case_id}</a>' in log
    assert viewer.post(f"/cases/{case_id}/author").status_code == 403


def test_a_reply_that_names_the_author_is_masked_as_well(house: House) -> None:
    lead = house.client("lead")
    with house.app.database.read() as session:
        from sqlalchemy import select

        from storage.draft import Reply

        case_id = session.scalars(select(Reply.case_id).where(Reply.text.contains(WHO))).first()
    page = lead.get(f"/cases/{case_id}").text
    assert "ご意見をありがとうございます" in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/mentions?since=0001-01-01&until=9999-12-31", 200),
        ("/mentions?place=%00&q=%00", 200),
        ("/cases/99999999999999999999", 404),
        ("/spikes/99999999999999999999", 404),
    ],
)
def test_what_no_database_can_hold_is_no_failure(house: House, path: str, status: int) -> None:
    assert house.client("viewer").get(path).status_code == status
