"""Each page as people see it: no violation of WCAG 2.2 AA, nothing beyond the edge of a phone, no complaint."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE, Site, violations

PAGES = (
    "/",
    "/mentions?stars=1",
    "/spikes",
    "/spikes/1",
    "/learn",
    "/outlook",
    "/reports",
    "/sources",
    "/sources/guest-book",
    "/log",
)


@pytest.mark.parametrize(("language", "scheme"), [("ja", "light"), ("en", "dark")])
def test_every_page_is_for_everybody(site: Site, language: str, scheme: str) -> None:
    page = site.open("admin", language, color_scheme=scheme)
    found = {}
    for path in (*PAGES, "/settings", "/account", f"/cases/{site.house.hostile_case()}"):
        page.goto(path)
        if path in ("/spikes/1", "/learn"):
            page.wait_for_selector(".chart canvas")
        if wrong := violations(page):
            found[path] = wrong
        assert page.evaluate("document.documentElement.lang") == language
    assert found == {}


def test_no_page_is_wider_than_a_phone(site: Site) -> None:
    page = site.open("admin", "ja", PHONE, color_scheme="dark")
    for path in (*PAGES, "/settings", "/account", f"/cases/{site.house.hostile_case()}"):
        page.goto(path)
        if path in ("/spikes/1", "/learn"):
            page.wait_for_selector(".chart canvas")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, path
    assert violations(page) == []


def test_the_page_to_sign_in_is_for_everybody(site: Site) -> None:
    page = site.open(None, "ja", PHONE)
    page.goto("/mentions")
    assert page.url.endswith("/login?next=%2Fmentions")
    assert violations(page) == []


def test_without_scripts_the_pages_work(site: Site) -> None:
    page = site.open("lead", "ja", java_script_enabled=False)
    page.goto("/mentions?q=対応")
    assert page.locator("li.line").count() >= 1
    page.goto(f"/cases/{site.house.hostile_case()}")
    page.get_by_role("button", name="担当する").click()
    assert page.get_by_text("担当になりました。").is_visible()


def test_an_open_page_hears_of_what_others_do(site: Site) -> None:
    case_id = site.house.hostile_case()
    watching = site.open("viewer", "ja")
    watching.goto(f"/cases/{case_id}")
    assert watching.get_by_text("隣の部屋を点検した").count() == 0
    site.house.client("lead").post(f"/cases/{case_id}/note", data={"text": "隣の部屋を点検した"})
    watching.get_by_text("隣の部屋を点検した").first.wait_for()
