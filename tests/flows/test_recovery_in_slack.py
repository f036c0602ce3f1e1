"""A whole recovery in Slack with the real desk: a reply written and approved, something offered, the case resolved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select

from alerts.slack.app import connect
from kintsugi.desk.slack_desk import SlackDesk, open_slack
from kintsugi.engines.embedded import EmbeddedEngine
from storage.case import Case
from storage.mention import Mention
from storage.source import Source
from tests.fake_slack.server import FakeSlack
from tests.flows.conftest import House
from tests.flows.test_working_in_slack import until

SATO, KIM = "U0SATO0001", "U0KIM00001"
REPLY = (
    "このたびはフロントで長くお待たせし、誠に申し訳ございません。受付の人員の配置を見直してまいります。"
    "ホテルソラ 支配人 佐伯"
)


def test_a_customer_is_won_back_without_leaving_slack(house: House, slack: FakeSlack) -> None:
    house.says(source="app-store", id="r1", at=1, title="残念", text="フロントに40分も待たされました。", rating=2)
    app = house.open()
    app.secrets = app.secrets.model_copy(update={"slack_app_token": SecretStr(slack.workspace.app_token)})
    engine, desk, people = EmbeddedEngine(app), SlackDesk(app), slack.people
    engine.start()
    house.clock.advance(timedelta(hours=2))
    house.live(engine)
    (message,) = slack.messages("front-desk")
    handler = connect(open_slack(app), app.settings, app.secrets)
    handler.connect()
    slack.socket.wait()

    def press(button: str, user: str) -> None:
        people.press("front-desk", message["ts"], f"case.{button}", user)

    def dialog(name: str) -> dict[str, Any]:
        def found() -> list[dict[str, Any]]:
            return [one for one in slack.workspace.views.values() if one["callback_id"] == name]

        return until(found)[-1]

    def settled() -> str:
        engine.settle()
        return str(slack.messages("front-desk")[0]["blocks"])

    # The guard looks on, in the unit of the site.
    press("edit", SATO)
    writing = dialog("case.edit")["id"]
    people.type_in(writing, "reply", "全額返金いたしますので、評価を変更してください。", SATO)
    until(lambda: "⛔" in str(dialog("case.edit")["blocks"]))
    assert "5,970" in str(dialog("case.edit")["blocks"])
    assert people.submit(writing, {"reply": REPLY}, SATO) == {}

    # Somebody else approves it; it is posted by hand.
    press("ask_approval", SATO)
    assert people.submit(dialog("case.ask_approval")["id"], {"question": "これでよいですか"}, SATO) == {}
    assert "承認を求めています" in settled()
    assert any(f"<@{KIM}>" in one["text"] for one in slack.messages("front-desk", threads=True)), (
        "the approver is called"
    )
    press("approve", KIM)
    approving = dialog("case.approve")["id"]
    errors = people.submit(approving, {"reply": REPLY}, SATO).get("errors")
    assert "ほかの方が行います" in str(errors)
    assert people.submit(approving, {"reply": REPLY, "despite": "確認済み"}, KIM) == {}
    assert "承認済み" in settled()
    press("posted", SATO)
    assert people.submit(dialog("case.posted")["id"], {"text": REPLY}, SATO) == {}

    # Above one's authority an offer is asked for, and decided in the message.
    press("offer", SATO)
    assert people.submit(dialog("case.offer")["id"], {"own": "一泊ご招待", "amount": "20000"}, SATO) == {}
    assert "一泊ご招待" in settled()
    press("offer_approve", SATO)
    assert "ほかの方が行います" in str(until(lambda: slack.workspace.ephemerals)[-1]["text"])
    press("offer_approve", KIM)
    until(lambda: (view := desk.view(1)) is not None and view.offers[0].state == "standing")
    assert "提案可" in settled()

    # What removes the cause, and why it happened.
    press("more", SATO)
    sheet = dialog("case.more")["id"]
    people.press_in(sheet, "case.checklist", SATO)
    until(lambda: "☐" in str(slack.workspace.views[sheet]["blocks"]))
    press("resolve", SATO)
    asked = dialog("case.resolve")
    whys = {block["block_id"]: "人が足りなかった" for block in asked["blocks"] if block["block_id"].startswith("why")}
    assert whys, "a case is not resolved without looking for its cause"
    assert people.submit(asked["id"], {"done": "お詫びし、招待した", "cause": "process", **whys}, SATO) == {}
    assert "お詫びし、招待した" in settled()

    # What a customer says in person comes the same way.
    people.shortcut_anywhere("report", SATO)
    form = {"text": "夕食に虫が入っていて最悪でした。二度と来ません。", "place": "レストラン"}
    assert people.submit(dialog("staff.report")["id"], form, SATO) == {}
    engine.settle()
    with app.database.read() as session:
        (mention,) = session.scalars(select(Mention).join(Source).where(Source.key == "staff"))
        assert session.scalar(select(Case.id).where(Case.mention_id == mention.id)) == 2
    assert {who for _, who in slack.workspace.pings} == {SATO, KIM}, "only whoever has something to do is called"
    handler.close()
    engine.close()
