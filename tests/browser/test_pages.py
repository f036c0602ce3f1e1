"""Each page as people see it: no violation of WCAG 2.2 AA, nothing beyond the edge of a phone, no complaint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import DESK, PHONE, SAID_OR_SEEN, WCAG, Site, kept, name_of, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

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
    "/staff",
    "/places",
    "/log",
)


def unfold(page: Page) -> None:
    """Opens everything that is folded: forms are looked at as well."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


@pytest.mark.parametrize(("language", "scheme"), [("ja", "light"), ("en", "dark")])
def test_every_page_is_for_everybody_and_no_wider_than_a_phone(site: Site, language: str, scheme: str) -> None:
    page = site.open("admin", language, color_scheme=scheme)
    found = {}
    for path in (*PAGES, "/settings", "/account", f"/cases/{site.house.hostile_case()}"):
        page.set_viewport_size(DESK)
        page.goto(path)
        if path in ("/spikes/1", "/learn"):
            page.wait_for_selector(".chart canvas")
        unfold(page)
        # What a page is made of is the same in both: the second time only what depends on words and colours.
        if wrong := violations(page, SAID_OR_SEEN if language == "en" else WCAG):
            found[path] = wrong
        kept(page, f"{name_of(path)}.{language}.{scheme}")
        assert page.evaluate("document.documentElement.lang") == language
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, path
        kept(page, f"{name_of(path)}.{language}.{scheme}.phone")
    assert violations(page) == []
    assert found == {}


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
    page.get_by_text("「なぜ」に答える").locator("xpath=ancestor::form").get_by_role("textbox").fill("確認表が古かった")
    page.get_by_role("button", name="「なぜ」に答える").click()
    assert page.get_by_text("「なぜ」への答えを記録しました。").is_visible()
    page.locator("summary", has_text="タスクを追加").click()
    page.get_by_label("すること").fill("清掃の確認表を作り直す")
    page.get_by_role("button", name="タスクを追加").click()
    assert page.get_by_text("清掃の確認表を作り直す").is_visible()
    page.get_by_role("button", name="「清掃の確認表を作り直す」を完了にする").click()
    assert page.get_by_text("タスクを完了にしました。").is_visible()
    page.locator("summary", has_text="経過をご連絡").click()
    page.locator("select[name=stage]").select_option("delayed")
    page.get_by_role("button", name="この段階の文面にする").click()
    assert "お約束した日までに" in page.locator("#message").input_value()


def test_an_open_page_hears_of_what_others_do(site: Site) -> None:
    case_id = site.house.hostile_case()
    watching = site.open("viewer", "ja")
    watching.goto(f"/cases/{case_id}")
    assert watching.get_by_text("隣の部屋を点検した").count() == 0
    site.house.client("lead").post(f"/cases/{case_id}/note", data={"text": "隣の部屋を点検した"})
    watching.get_by_text("隣の部屋を点検した").first.wait_for()


JUMPS = """window.jumps = []; new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.jumps.push(one.value);
}).observe({type: "layout-shift", buffered: true});"""


def test_nothing_jumps_while_a_page_comes(site: Site) -> None:
    page = site.open("admin", "ja")
    page.add_init_script(JUMPS)
    found = {}
    for path in ("/learn", "/spikes/1", "/reports"):
        page.goto(path)
        if path != "/reports":
            page.wait_for_selector(".chart canvas")
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found[path] = round(sum(page.evaluate("window.jumps")), 3)
    assert set(found.values()) == {0}, found
