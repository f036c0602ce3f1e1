"""The short form after a recovery: who may answer, once, and what an answer changes."""

from __future__ import annotations

import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from kintsugi.desk.desk import Desk
from kintsugi.steps.asking import ask_due, form_address
from kintsugi.views.timeline import timeline
from responder.cases.refused import Refused
from responder.outcome.feedback import FormLink, form_key, link_to_form, read_token, token_of
from responder.privacy.erasure import erase_author
from storage.case import Case
from storage.delivery import Delivery, make_delivery
from storage.event import events_of
from storage.form_answer import answer_of_round
from storage.log import verify_log
from storage.outcome import latest_outcome
from tests.web.shop import PUBLIC, START, Shop

KEY = form_key(b"a secret")
ANSWER = {"recovered": "yes", "satisfaction": "5", "nps": "9", "comment": "すぐに直してくださり、安心しました。"}
LINKS = some.builds(
    FormLink,
    some.integers(1, 2**40 - 1),
    some.integers(1, 2**16 - 1),
    some.integers(0, 2**32 - 1).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
)


def link_of(shop: Shop, number: int = 1) -> str:
    """The path of the form."""
    with shop.app.database.read() as session:
        link = link_to_form(session, session.get_one(Case, number), shop.clock.now(), shop.app.settings)
        assert isinstance(link, FormLink), link
        return form_address(session, link, shop.app.settings).removeprefix(PUBLIC)


@settings(derandomize=True, max_examples=60)
@given(LINKS, some.integers(0, 35), some.sampled_from(string.ascii_letters + string.digits + "-_=+/. あ"))
def test_a_token_says_what_was_signed_and_any_changed_character_is_refused(
    link: FormLink, place: int, other: str
) -> None:
    token = token_of(link, KEY)
    assert read_token(token, KEY) == link
    assert read_token(token, form_key(b"another secret")) is None
    changed = token[:place] + other + token[place + 1 :]
    assert (read_token(changed, KEY) is None) == (changed != token)
    for broken in (token[:-1], token + "A", token + "=", token[:place] + token[place + 1 :], "", token + "\n"):
        assert read_token(broken, KEY) is None


def test_an_answer_becomes_an_event_and_evidence_and_the_link_is_used_up(shop: Shop) -> None:
    case = shop.case(1)
    path, phone = link_of(shop), shop.client()
    assert phone.get(path).status_code == 200
    done = phone.post(path, data=ANSWER)
    assert (done.status_code, done.headers["location"]) == (303, f"{path}/thanks?language=ja")
    assert "スタッフ一同" in phone.get(done.headers["location"]).text
    with shop.app.database.read() as session:
        answer = answer_of_round(session, case.id, 1)
        assert answer is not None
        assert (answer.recovered, answer.satisfaction, answer.nps) == ("yes", 5, 9)
        found = latest_outcome(session, case.id)
        assert found is not None
        evidence = {"kind": "form", "answer": answer.id, "recovered": "yes", "satisfaction": 5, "nps": 9}
        assert (found.name, found.evidence) == ("recovered", evidence)
        told = next(event for event in events_of(session, case.id) if event.kind == "form_answered")
        assert ANSWER["comment"] not in str(told.data)
        assert verify_log(session) == []
        assert "お客様がその後のご様子を回答（ご不便：解消、満足度：5、おすすめ度：9）" in "".join(
            timeline(session, case.id, shop.app.settings)
        )
    again = phone.post(path, data=ANSWER | {"recovered": "no"})
    assert (again.status_code, "すでにご回答いただいております" in again.text) == (410, True)
    assert "すでにご回答いただいております" in phone.get(path).text
    assert shop.case(case.id).outcome == "recovered"


def test_no_means_lost_and_the_case_is_open_again_and_a_new_round_has_a_new_link(shop: Shop) -> None:
    first = link_of(shop)
    assert shop.client().post(first, data={"recovered": "no"}).status_code == 303
    again = shop.case(1)
    assert (again.outcome, again.state) == ("lost", "investigating")
    with shop.app.database.read() as session:
        refused = link_to_form(session, session.get_one(Case, 1), shop.clock.now(), shop.app.settings)
    assert isinstance(refused, Refused)
    assert refused.reason == "not_resolved"
    assert Desk(shop.app).resolve(1, "sato", "お電話でお詫びした", "people") is None
    second = link_of(shop)
    assert second != first
    assert shop.client().post(second, data={"recovered": "partly"}).status_code == 303
    assert shop.case(1).outcome == "improved"


def test_late_expired_forged_and_unasked_links_each_give_one_calm_page(shop: Shop) -> None:
    path, phone = link_of(shop), shop.client("en")
    forged = path[:-1] + ("A" if path[-1] != "A" else "B")
    for address in (forged, "/f/nothing", "/f/%00%00", "/f/" + "a" * 5000):
        for answer in (phone.get(address), phone.post(address, data=ANSWER)):
            assert (answer.status_code, "This link does not look right" in answer.text) == (404, True)
    shop.later(days=30)
    for answer in (phone.get(path + "?language=en"), phone.post(path, data=ANSWER | {"language": "en"})):
        assert (answer.status_code, "This link has expired" in answer.text) == (410, True)
    with shop.app.database.read() as session:
        assert answer_of_round(session, 1, 1) is None


def test_an_open_case_has_no_link_and_an_answered_one_none_either(shop: Shop) -> None:
    assert Desk(shop.app).reopen(1, "sato", "again") is None
    assert shop.client().post(link_of(shop, 2), data=ANSWER).status_code == 303
    with shop.app.database.write() as session:
        never_resolved = session.get_one(Case, 3)
        for event in events_of(session, 3):
            session.delete(event)
        session.flush()
        why = [
            link_to_form(session, case, shop.clock.now(), shop.app.settings)
            for case in (session.get_one(Case, 2), never_resolved)
        ]
        assert [one.reason for one in why if isinstance(one, Refused)] == ["answered", "not_resolved"]


def test_wrong_answers_are_asked_for_again_and_nothing_typed_is_lost(shop: Shop) -> None:
    path, phone = link_of(shop), shop.client()
    typed = {"comment": "<script>alert(1)</script> & 「ご対応」", "nps": "10"}
    missing = phone.post(path, data=typed)
    assert missing.status_code == 400
    assert "ご不便が解消されたかどうかをお選びください。" in missing.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 「ご対応」" in missing.text
    assert "<script" not in missing.text
    assert 'value="10" checked' in missing.text
    for wrong in (
        {"satisfaction": "6"},
        {"nps": "-1"},
        {"nps": "１"},
        {"recovered": "perhaps"},
        {"comment": "長" * 2001},
    ):
        assert phone.post(path, data={"recovered": "yes"} | wrong).status_code == 400
    assert phone.post(path, content=b"no form", headers={"content-type": "multipart/form-data"}).status_code == 400
    switched = phone.post(path, data=typed | {"switch": "en", "recovered": "partly", "language": "ja"})
    assert (switched.status_code, 'lang="en"' in switched.text) == (200, True)
    assert "「ご対応」" in switched.text
    assert 'value="partly" required checked' in switched.text


def test_the_form_speaks_the_language_of_the_case_whatever_the_phone_prefers(shop: Shop) -> None:
    assert "How are things now?" in shop.client("ja").get(link_of(shop, 2)).text
    answer = shop.client("en").get(link_of(shop, 1))
    page = answer.text
    assert "その後はいかがでしょうか" in page
    assert "<script" not in page
    assert "set-cookie" not in answer.headers


def test_an_erased_author_leaves_no_comment_and_a_dead_link(shop: Shop) -> None:
    assert shop.client().post(link_of(shop, 1), data=ANSWER).status_code == 303
    unanswered = link_of(shop, 3)
    with shop.app.database.write() as session:
        assert erase_author(session, "intake", "hanako@example.jp", shop.clock.now()) is not None
    with shop.app.database.read() as session:
        answer = answer_of_round(session, 1, 1)
        assert answer is not None
        assert (answer.comment, answer.salt, answer.satisfaction) == ("", "", 5)
        assert ANSWER["comment"] not in str(session.scalars(select(Delivery.payload)).all())
        assert verify_log(session) == []
    assert shop.client().get(unanswered).status_code == 410


class Box:
    """A mail server that takes everything."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    made = Box()
    controller = Controller(made, hostname="127.0.0.1", port=port)
    controller.start()
    yield made, port
    controller.stop()


def test_from_the_resolution_over_the_mail_to_the_weekly_report(
    tmp_path: Path, lived: Path, own_key: None, box: tuple[Box, int]
) -> None:
    smtp = f"smtp: {{host: 127.0.0.1, port: {box[1]}, security: none, sender: care@hotel-sora.example}}\n"
    more = f"web: {{public_url: {PUBLIC}}}\nfollow_up: {{mail: true}}\n{smtp}"
    shop = Shop(tmp_path, lived, more)
    shop.later(hours=1)
    shop.engine.tick()
    shop.engine.settle()
    assert box[0].mails == [], "nothing is asked before the first date"
    shop.later(days=3, minutes=1)
    for _ in range(2):
        shop.engine.tick()
        shop.engine.settle()
    assert [to for to, _ in box[0].mails] == [["hanako@example.jp"]], "K-3 is a repeated failure: a lead asks in person"
    text = box[0].mails[0][1].get_content()
    assert "花子様" in text
    assert "ホテルソラ 支配人 佐伯" in text
    path = next(line for line in text.splitlines() if line.startswith(PUBLIC)).removeprefix(PUBLIC)
    assert shop.client().post(path, data=ANSWER).status_code == 303
    shop.engine.settle()
    done = shop.case(1)
    assert (done.outcome, done.state) == ("recovered", "following_up")
    with shop.app.database.read() as session:
        kinds = [event.kind for event in events_of(session, 1)]
        assert kinds.index("asked") < kinds.index("form_answered") < kinds.index("outcome")
    shop.later(days=11)
    shop.engine.tick()
    assert shop.case(1).state == "closed", "its outcome is known and every follow-up is done"
    assert len(box[0].mails) == 1
    counted(shop)
    shop.close()


def counted(shop: Shop) -> None:
    """The weekly report of the week of the complaint has it among the recovered."""
    from kintsugi.steps.reporting import question
    from reports.period import Period
    from reports.report import make_report

    week = Period(START - timedelta(days=1), START + timedelta(days=6), shop.app.settings.brand.zone)
    with shop.app.database.read() as session:
        asked = question(shop.app.settings, "weekly", week, shop.clock.now())
        report = make_report(session, asked)
        assert (report.recovery.part, report.satisfaction.answers) == (1, 1)


def test_without_mail_the_owner_is_given_the_link_once(shop: Shop) -> None:
    with shop.app.database.write() as session:
        make_delivery(session, "case:1:desk", receiver="desk", purpose="case_message", case_id=1, at=START)
    shop.later(days=3, minutes=1)
    for _ in range(2):
        with shop.app.database.write() as session:
            ask_due(session, shop.app.settings, shop.app.channels, shop.clock.now())
    with shop.app.database.read() as session:
        told = session.scalars(select(Delivery).where(Delivery.key.contains("ask:"))).all()
        assert [(delivery.receiver, delivery.purpose) for delivery in told] == [("desk", "thread")]
        assert f"{PUBLIC}/f/" in told[0].payload["text"]
