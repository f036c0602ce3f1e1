"""The guard against examples of its own, and against sentences that somebody else wrote before the rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.brand import BrandSettings, Contact
from responder.guard.finding import Context
from responder.guard.guard import check
from responder.guard.patterns import RULES, rule_lines, rules
from responder.guard.prefilter import Prefilter

FIXTURES = Path(__file__).parent.parent / "fixtures" / "guard"
HOTEL = BrandSettings(
    name="Hotel Sakura",
    aliases=["ホテルさくら"],
    industry="hospitality",
    contact=Contact(email="stay@sakura.example"),
)


def _examples(kind: str) -> Iterator[Any]:
    for path in sorted(RULES.glob("*.yaml")):
        for line in rule_lines(path):
            for text in line.get(kind, []):
                if "→" not in text:
                    yield pytest.param(line["rule"], line["language"], text, id=f"{line['rule']}: {text[:40]}")


def _language(language: str, text: str) -> str:
    return language if language != "any" else "en" if text.isascii() else "ja"


def _rules(text: str, context: Context) -> set[str]:
    return {one.rule for one in check(text, context)}


@pytest.mark.parametrize(("rule", "language", "text"), list(_examples("bad")))
def test_every_bad_example_of_a_rule_is_found(rule: str, language: str, text: str) -> None:
    assert rule in _rules(text, Context(language=_language(language, text), brand=HOTEL))


@pytest.mark.parametrize(("rule", "language", "text"), list(_examples("good")))
def test_no_good_example_of_a_rule_is_flagged(rule: str, language: str, text: str) -> None:
    assert rule not in _rules(text, Context(language=_language(language, text), brand=HOTEL))


@pytest.mark.parametrize("tongue", ["ja", "en"])
def test_what_may_occur_holds_all_that_occurs(tongue: str) -> None:
    patterns = [pattern for rule in rules(tongue) for pattern in rule.find]
    prefilter = Prefilter(patterns)
    texts = [text for path in RULES.glob("*.yaml") for line in rule_lines(path) for text in line["bad"] + line["good"]]
    for text in texts:
        if text.isascii() == (tongue == "en"):
            found = {number for number, pattern in enumerate(patterns) if pattern.search(text)}
            assert found <= prefilter.candidates(text)


def _fixture(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines()]


def _context(row: dict[str, Any]) -> Context:
    known = row["context"]
    contact = (
        {key: known.get("contact", {}).get(key) for key in ("email", "phone", "url")} if known.get("contact") else {}
    )
    return Context(
        language=row["language"],
        brand=BrandSettings(name=known["brand"], industry=known["industry"], contact=Contact(**contact)),
        mention=known["mention"],
        rating=known["rating"],
        topics=tuple(known["topics"]),
        severity=known["severity"],
        author=known["author"],
    )


def _blocked(row: dict[str, Any]) -> bool:
    return any(one.level == "block" for one in check(row["text"], _context(row)))


def test_at_least_95_percent_of_the_violating_sentences_are_blocked() -> None:
    rows = _fixture("violating.jsonl")
    missed = [row["text"] for row in rows if not _blocked(row)]
    assert len(missed) <= 0.05 * len(rows), missed


def test_at_most_3_percent_of_the_good_sentences_are_blocked() -> None:
    rows = _fixture("good.jsonl")
    flagged = [row["text"] for row in rows if _blocked(row)]
    assert len(flagged) <= 0.03 * len(rows), flagged


def test_a_finding_points_at_its_words() -> None:
    text = "お待たせいたしました。全額返金いたします。"
    (found,) = [one for one in check(text, Context(language="ja", brand=HOTEL)) if one.rule == "public_remedy"]
    assert "返金" in text[found.start : found.end]
    assert found.why


def test_the_customers_own_quoted_words_are_not_held_against_us() -> None:
    context = Context(language="ja", brand=HOTEL, mention="人手不足のため掃除できませんでしたと言われた", rating=1)
    text = "「人手不足のため掃除できませんでしたと言われた」とのご指摘をいただきましたこと、誠に申し訳ございません。"
    assert "excuse" not in _rules(text, context)


def test_the_brands_own_address_passes_and_a_foreign_one_does_not() -> None:
    context = Context(language="ja", brand=HOTEL)
    assert not _rules("stay@sakura.exampleまでお知らせください。", context)
    assert "foreign_contact" in _rules("help@other.exampleまでお知らせください。", context)
    assert "foreign_contact" in _rules("03-1234-5678までお電話ください。", context)


@pytest.mark.parametrize(
    "address",
    [
        "https://sakura.example.evil.com/pay", "https://sakura.example@evil.com", "https://sakura.example:x@evil.com",
        "https://sakura.examples", "stay@sakura.example.evil.com", "sakura.co", "kura.com", "hotel.jp",
    ],
)  # fmt: skip
def test_an_address_that_only_begins_or_ends_like_the_brands_is_foreign(address: str) -> None:
    contact = Contact(email="stay@sakura.example", url="https://sakura.example")
    of_others = Contact(email="stay@sakura.com", url="https://sakura-hotel.jp/")
    for one in (contact, of_others):
        context = Context(language="en", brand=HOTEL.model_copy(update={"contact": one}))
        assert "foreign_contact" in _rules(f"Please write to us at {address} today.", context)


@pytest.mark.parametrize(
    "address", ["https://sakura.jp", "https://sakura.jp/help?from=reply", "sakura.jp", "www.sakura.jp", "a@sakura.jp"]
)
def test_pages_below_the_brands_address_pass(address: str) -> None:
    own = Contact(email="a@sakura.jp", url="https://www.sakura.jp" if "www" in address else "https://sakura.jp/")
    context = Context(language="en", brand=HOTEL.model_copy(update={"contact": own}))
    assert "foreign_contact" not in _rules(f"Please write to us at {address}.", context)


@pytest.mark.parametrize(
    "contact",
    [
        "EVIL.COM", "HTTP://EVIL.DE", "evil.ru/x", "pay.evil.top", "1-900-555-0199", "090.1234.5678",
        "０９０−１２３４−５６７８", "090－1234－5678",
    ],
)  # fmt: skip
def test_capitals_other_ends_of_hosts_and_other_dashes_hide_no_contact(contact: str) -> None:
    assert "foreign_contact" in _rules(f"Please use {contact} today.", Context(language="en", brand=HOTEL))


@pytest.mark.parametrize(
    "text", ["on 2026-11-22 at 10.30", "2026.11.22, 12:30", "room 1204 for 1,250.00 yen", "3.5 of 5"]
)
def test_days_hours_and_amounts_are_no_numbers_to_call(text: str) -> None:
    assert "foreign_contact" not in _rules(f"We saw you {text}.", Context(language="en", brand=HOTEL))


def test_a_reply_to_somebody_else_is_blocked() -> None:
    context = Context(language="en", brand=HOTEL, mention="The shower was cold.", rating=2, author="Emma")
    assert "wrong_name" in _rules("Dear Peter, I am sorry that the shower was cold.", context)
    assert "wrong_name" not in _rules("Dear Emma, I am sorry that the shower was cold.", context)


def test_a_copy_of_an_earlier_reply_is_blocked() -> None:
    text = "お部屋に髪の毛が残っておりましたこと、心よりお詫び申し上げます。点検を二名で行うよう改めます。当館までお知らせください。"
    context = Context(language="ja", brand=HOTEL, recent=(text,))
    assert "copy" in _rules(text, context)


def test_the_wrong_language_plain_form_and_length_are_blocked() -> None:
    assert "wrong_language" in _rules("I am sorry that the shower was cold.", Context(language="ja", brand=HOTEL))
    german = "Guten Tag, es tut mir leid, dass Ihr Zimmer bei der Ankunft nicht fertig war. Ich werde das ändern."
    assert "wrong_language" in _rules(german, Context(language="en", brand=HOTEL))
    assert "wrong_language" not in _rules(german, Context(language="de", brand=HOTEL))
    assert "wrong_language" not in _rules("I am sorry that the shower was cold.", Context(language="de", brand=HOTEL))
    assert "plain_form" in _rules("お待たせしてしまった。申し訳ございません。", Context(language="ja", brand=HOTEL))
    context = Context(language="en", brand=HOTEL, source_kind="google_play_console")
    assert "too_long" in _rules("I am sorry that the app crashes. " * 12, context)


def test_a_question_without_an_answer_is_only_a_warning() -> None:
    context = Context(language="en", brand=HOTEL, mention="Is there parking?", sentiment="neutral")
    (found,) = [one for one in check("Thank you for writing to us.", context) if one.rule == "unanswered_question"]
    assert found.level == "warn"
