"""Each page as people see it: no violation of WCAG 2.2 AA, nothing beyond the edge of a phone, no complaint."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import DESK, PHONE, Site, kept, name_of, violations

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


# What moves by itself while a page comes, as browsers measure it.
JUMPS = """window.jumps = []; new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.jumps.push(one.value);
}).observe({type: "layout-shift", buffered: true});"""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
LOOKS = (("ja", "light"), ("en", "dark"), ("ja", "dark"), ("en", "light"))


def all_pages(site: Site) -> tuple[str, ...]:
    return (*PAGES, "/settings", "/account", f"/cases/{site.house.hostile_case()}")


def look_at_all(site: Site, language: str, scheme: str, paths: Sequence[str]) -> None:
    """Each page at a desk and on a phone: as wide as its window, in its language, still while it comes, and by axe."""
    page = site.open("admin", language, color_scheme=scheme)
    page.add_init_script(JUMPS)
    found, jumps = {}, {}
    for path in paths:
        page.set_viewport_size(DESK)
        page.goto(path)
        if path in ("/spikes/1", "/learn"):
            page.wait_for_selector(".chart canvas")
        if path in ("/spikes/1", "/learn", "/reports"):
            page.evaluate(DRAWN)
            jumps[path] = round(sum(page.evaluate("window.jumps")), 3)
        unfold(page)
        if wrong := violations(page):
            found[path] = wrong
        kept(page, f"{name_of(path)}.{language}.{scheme}")
        assert page.evaluate("document.documentElement.lang") == language
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, path
        kept(page, f"{name_of(path)}.{language}.{scheme}.phone")
    assert violations(page) == []
    page.close()
    assert found == {}
    # On a busy machine a chart may be a pixel higher for a moment (0.001); a line of text that moves is ten times that.
    assert max(jumps.values(), default=0) < 0.005, f"nothing jumps while a page comes: {jumps}"


def test_every_page_is_for_everybody_no_wider_than_a_phone_and_does_not_jump(site: Site) -> None:
    """Each in one language and one scheme of colours, which are dealt out; the drill looks at all in all of them."""
    dealt = list(all_pages(site))
    Random(7).shuffle(dealt)
    for number, (language, scheme) in enumerate(LOOKS):
        look_at_all(site, language, scheme, dealt[number :: len(LOOKS)])


@pytest.mark.drill
@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_every_page_is_for_everybody_in_every_language_and_light(site: Site, language: str, scheme: str) -> None:
    look_at_all(site, language, scheme, all_pages(site))


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
