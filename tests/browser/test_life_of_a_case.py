"""The whole life of a case in the browser: by mouse, by keyboard alone, and by two people at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.conftest import PHONE, Site
from tests.web.pages.house import HOSTILE, WHO

if TYPE_CHECKING:
    from playwright.sync_api import Page

REPLY = (
    "このたびはご不快な思いをおかけし、誠に申し訳ございません。客室の清掃を担当者と見直し、本日すべてのお部屋を点検いたしました。"
    "恐れ入りますが、care@hotel-sora.example まで状況をお知らせいただけますでしょうか。\nホテルソラ お客様相談室"
)


def test_a_case_from_claim_to_resolution_by_mouse(site: Site) -> None:
    page = site.open("lead", "ja")
    page.goto("/mentions?stars=2")
    page.get_by_role("link", name=f"K-{site.house.hostile_case()}").first.click()
    assert HOSTILE.text not in page.content()
    page.get_by_role("button", name="担当する").click()
    page.get_by_text("担当になりました。").wait_for()
    assert page.get_by_text(WHO).count() >= 1  # its owner sees who wrote it
    page.get_by_label("返信の本文").fill("すみません！！！")
    page.locator("#guard .mark:not(.fine)").first.wait_for()
    page.get_by_label("返信の本文").fill(REPLY)
    page.locator("#guard .mark").first.wait_for()
    page.get_by_role("button", name="掲載済みにする").click()
    page.get_by_text("返信を掲載済みとして記録しました。").wait_for()
    page.get_by_text("解決済みにする").first.click()
    page.get_by_label("お客様のために行ったこと").fill("お部屋を替え、清掃の手順を改めました。")
    page.get_by_label("原因").select_option("process")
    page.get_by_role("button", name="解決済みにする").click()
    page.get_by_role("heading", name="解決済み").wait_for()
    page.get_by_text("案件を再開").first.click()
    page.get_by_label("理由").last.fill("まだ改善されていないとのご連絡")
    page.get_by_role("button", name="案件を再開").click()
    page.get_by_role("heading", name="調査中").wait_for()
    assert page.locator(".timeline").get_by_text("案件を再開").count() == 1


def press_to(page: Page, name: str) -> None:
    """Presses Tab until the element of this name has the focus, as somebody without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        here = "e => (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || '').trim()"
        if str(page.evaluate(f"({here})(document.activeElement)")).startswith(name):
            return
    raise AssertionError(f"no way to {name!r} by keyboard")


def test_a_case_by_keyboard_alone_in_english_on_a_small_screen(site: Site) -> None:
    page = site.open("lead", "en", PHONE)
    page.goto(f"/cases/{site.house.hostile_case()}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to content
    press_to(page, "I take it")
    page.keyboard.press("Enter")
    page.get_by_text("It is yours.").wait_for()
    press_to(page, "Text of the reply")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(REPLY)
    press_to(page, "Mark as posted")
    page.keyboard.press("Enter")
    page.get_by_text("The reply is recorded as posted.").wait_for()
    press_to(page, "Resolve")
    page.keyboard.press("Enter")
    press_to(page, "What was done for the customer")
    page.keyboard.insert_text("Another room, and a new routine for cleaning.")
    press_to(page, "Cause")
    page.keyboard.press("ArrowDown")
    press_to(page, "Resolve")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Resolved").wait_for()
    press_to(page, "Re-open")
    page.keyboard.press("Enter")
    press_to(page, "Reason")
    page.keyboard.insert_text("They wrote that it is still not right.")
    press_to(page, "Re-open")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Investigating").wait_for()
    press_to(page, "Not a case")
    page.keyboard.press("Enter")
    press_to(page, "Reason")
    page.keyboard.press("ArrowDown")
    press_to(page, "Not a case")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Closed").wait_for()


def test_of_two_people_one_gets_the_case(site: Site) -> None:
    case_id = site.house.hostile_case()
    first, second = site.open("lead", "ja"), site.open("agent", "ja")
    for page in (first, second):
        page.goto(f"/cases/{case_id}")
        assert page.get_by_role("button", name="担当する").is_visible()
    first.get_by_role("button", name="担当する").click()
    first.get_by_text("担当になりました。").wait_for()
    button = second.get_by_role("button", name="担当する")
    if button.is_visible():  # the page may have heard of it meanwhile
        site.complaints.clear()
        second.evaluate(f"document.querySelector('form[action=\"/cases/{case_id}/claim\"]')?.submit()")
        second.get_by_text("ほかの人がすでに担当しています。").wait_for()
    assert second.get_by_text("the lead").count() >= 1
    site.complaints = [one for one in site.complaints if "409" not in one]


def test_signing_in_by_the_link_of_the_first_run(site: Site) -> None:
    from sqlalchemy import delete

    from kintsugi.web.accounts import set_up_link
    from storage.account import Account, WebSession

    with site.house.app.database.write() as session:
        session.execute(delete(WebSession))
        session.execute(delete(Account))
    link = set_up_link(site.house.app)
    assert link is not None
    page = site.open(None, "ja")
    page.goto("/setup/" + link.rpartition("/")[2])
    page.get_by_label("ユーザー名").fill("boss")
    page.get_by_label("新しいパスワード（12文字以上）").fill("a seam of gold")
    page.get_by_label("新しいパスワード（確認）").fill("a seam of gold")
    page.get_by_role("button", name="設定してログイン").click()
    page.get_by_role("heading", name="現在の状況").wait_for()
    page.get_by_role("button", name="ログアウト").click()
    page.get_by_label("ユーザー名").fill("boss")
    page.get_by_label("パスワード", exact=True).fill("a seam of gold")
    page.get_by_role("button", name="ログイン").click()
    page.get_by_role("heading", name="現在の状況").wait_for()
