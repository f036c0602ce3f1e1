"""What a case looks like in Slack: everything shown, nothing that can ping or hide, always within Slack's limits."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.messages.wording import words_in
from alerts.slack.blocks import case_message, fallback, notice, thread_reply
from alerts.slack.text import escaped, fitted, link, mention
from alerts.view import CaseView, FindingView
from storage.case import STATES
from tests.alerts.conftest import NOON, SATO, a_view
from tests.fake_slack.block_kit import complaints

HOSTILE = "<!channel> <@U0SATO0001> <https://evil.example|公式サイト> &amp; *bold* 090-1234-5678"


def shown(view: CaseView, language: str = "ja") -> str:
    return json.dumps(case_message(view, words_in(language), interactive=True).blocks, ensure_ascii=False)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_message_shows_what_happened_what_is_due_and_what_to_say(language: str) -> None:
    text = shown(a_view(), language)
    for part in (
        "K-42",
        "★1",
        "★4",
        "旅する猫",
        "浅草",
        "play-app",
        "フロントに言っても",
        "清掃の人手不足",
        "申し訳ございません",
    ):
        assert part in text
    assert f"<!date^{int(NOON.timestamp()) + 900}^" in text  # acknowledge is due
    assert ("今回で3件目" if language == "ja" else "3rd time") in text


def test_lists_are_written_as_the_language_writes_them() -> None:
    assert "接客、清潔さ" in shown(a_view(), "ja")
    assert "staff, cleanliness" in shown(a_view(), "en")


def test_a_claimed_case_mentions_its_owner_and_offers_no_claim() -> None:
    text = shown(a_view(owner=SATO, state="acknowledged"))
    assert f"<@{SATO}>" in text
    assert "case.claim" not in text
    assert "case.resolve" in text


def test_a_closed_case_has_no_buttons_and_shows_its_outcome() -> None:
    text = shown(a_view(state="closed", outcome="recovered", reply="ご連絡ありがとうございました。", reply_at=NOON))
    assert "信頼を回復" in text
    assert "case." not in text.replace("case.42", "")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("reply", [None, "お詫びいたします。"])
@pytest.mark.parametrize("owner", [None, SATO])
def test_slack_takes_the_message_in_every_state(state: str, reply: str | None, owner: str | None) -> None:
    view = a_view(
        state=state, reply=reply, owner=owner, done="改善", cause="people", waiting="snoozed", waiting_until=NOON
    )
    assert complaints(case_message(view, words_in("en"), interactive=True).blocks) == []


def test_a_review_cannot_ping_hide_a_link_or_show_a_phone_number() -> None:
    view = a_view(text=HOSTILE, evidence=HOSTILE, author=HOSTILE, title=HOSTILE, location=HOSTILE)
    message = case_message(view, words_in("ja"), interactive=True)
    whole = json.dumps([message.text, message.blocks], ensure_ascii=False)
    for markup in re.findall(r"<[^>]+>", json.dumps([b for b in message.blocks if b["type"] != "header"])):
        assert markup.startswith(("<!date^", "<https://example.jp/r/1|")), markup
    assert "&lt;!channel&gt;" in whole
    assert "&amp;amp;" in whole
    assert "090-1234" not in whole
    assert "<!channel>" not in message.text


def test_the_notification_never_carries_the_whole_text() -> None:
    secret = "x" * 50 + "SECRET-END"
    line = fallback(a_view(evidence=secret * 5, text=secret * 5), words_in("ja"))
    assert len(line) <= 200
    assert "SECRET-END" not in line
    assert "K-42" in line


texts = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("<>&\n\ud800😀")), max_size=40).map(
    lambda s: s * 200
)


@given(texts, texts, texts, st.integers(0, 60))
@settings(max_examples=12, derandomize=True, deadline=None)
def test_no_text_makes_a_message_that_slack_refuses(one: str, two: str, three: str, many: int) -> None:
    view = a_view(
        text=one,
        evidence=two,
        draft=three,
        author=one,
        location=two,
        title=three,
        reply=one if many % 2 else None,
        done=two,
        cause=three,
        strategy=one,
        strategy_why=two,
        url="https://example.jp/" + three,
        topics=(one,) * many,
        known_causes=(two,) * many,
        findings=tuple(FindingView("r", "warn", one) for _ in range(many)),
        alternatives=tuple((one, two) for _ in range(many)),
        source=three,
        criteria=one,
        team=two,
        language=three[:30],
    )
    for message in (
        case_message(view, words_in("ja"), interactive=True, note=one),
        thread_reply(two, SATO),
        notice({"title": one, "lines": [two] * many, "link": "https://x.example/" + one}, words_in("en")),
    ):
        assert complaints(message.blocks) == []
        assert len(message.text) <= 3000
        json.dumps(message.blocks).encode()


def test_texts_are_cut_between_entities() -> None:
    assert escaped("a<b>&") == "a&lt;b&gt;&amp;"
    assert fitted("<" * 10, 13) == "&lt;&lt;&lt;…"
    assert mention("U0SATO0001") == "<@U0SATO0001>"
    assert mention("<!channel>") == "&lt;!channel&gt;"
    assert link("javascript:alert(1)", "x") == "javascript:alert(1)"
    assert link("https://a.example/?x=1&y=2", "open") == "<https://a.example/?x=1&amp;y=2|open>"


def test_both_languages_have_every_word() -> None:
    assert words_in("ja").keys() == words_in("en").keys()
    assert all(words_in("ja").values())
    for key, text in words_in("en").items():
        assert set(re.findall(r"{(\w+)}", text)) - {"nth"} == set(re.findall(r"{(\w+)}", words_in("ja")[key])) - {
            "n"
        } | (set(re.findall(r"{(\w+)}", text)) & {"n"}), key
