"""The recovery desk as Slack sees it: the actions of alerts.actions, done by the one desk and read from the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

import responder.cases.refused
from alerts.actions import Checked, Done, Refused, Remedy, Result
from alerts.view import CaseView, FindingView
from kintsugi.app import App
from kintsugi.desk.desk import Desk
from kintsugi.desk.reported import report_by_hand
from kintsugi.desk.staff_entry import record_staff_entry
from kintsugi.views.caselist import case_lines
from kintsugi.views.caseview import view_of
from kintsugi.views.whys import reasons_for
from responder.cases.causes import CAUSES
from responder.cases.checklists import remedies_for
from responder.drafting.lengths import limit_of, measure
from responder.drafting.playbooks import Tongue
from responder.drafting.reply_check import findings_for
from storage.alert import Message
from storage.case import Case, case_id_of
from storage.mention import latest_revision

if TYPE_CHECKING:
    from slack_bolt import App as SlackApp


class SlackDesk:
    """Implements alerts.actions.CaseActions for one installation."""

    def __init__(self, app: App) -> None:
        self._app, self._desk = app, Desk(app)

    def view(self, case_id: int) -> CaseView | None:
        """The case as it is now."""
        with self._app.database.read() as session:
            known = session.get(Case, case_id) is not None
            return view_of(session, case_id, self._app.settings, self._app.channels) if known else None

    def case_at(self, channel: str, ts: str) -> int | None:
        """The case whose living message this is."""
        place = (Message.address["channel"].as_string() == channel, Message.address["ts"].as_string() == ts)
        with self._app.database.read() as session:
            return session.scalar(select(Message.case_id).where(*place))

    def claim(self, case_id: int, actor: str) -> Result:
        """Takes it."""
        return _result(self._desk.claim(case_id, actor))

    def approve(self, case_id: int, actor: str, text: str, despite: str) -> Result:
        """Approves the text; a channel publishes it after the undo window."""
        return _result(self._desk.approve(case_id, actor, text, despite or None))

    def check(self, case_id: int, text: str) -> Checked:
        """What the guard says, and the length."""
        with self._app.database.read() as session:
            case = session.get_one(Case, case_id)
            found = findings_for(session, case, text, self._app.settings) if text.strip() else []
            limit = limit_of(case.mention.source.kind)
        findings = tuple(FindingView(one.rule, one.level, one.why) for one in found)
        return Checked(findings, measure(text, limit.unit), limit.maximum, limit.unit)

    def edit(self, case_id: int, actor: str, text: str) -> Result:
        """This text is proposed from now on."""
        return _result(self._desk.edit(case_id, actor, text))

    def ask_approval(self, case_id: int, actor: str, text: str, question: str) -> Result:
        """Proposes this text and asks somebody else to approve it."""
        return _result(self._desk.ask_approval(case_id, actor, text, question))

    def decline(self, case_id: int, actor: str, reason: str) -> Result:
        """Sends a reply back."""
        return _result(self._desk.decline(case_id, actor, reason))

    def undo(self, case_id: int, actor: str) -> Result:
        """Takes the approval back."""
        return _result(self._desk.undo(case_id, actor))

    def mark_posted(self, case_id: int, actor: str, text: str) -> Result:
        """The reply was posted by hand."""
        return _result(self._desk.post_manual(case_id, actor, text))

    def escalate(self, case_id: int, actor: str) -> Result:
        """The next step of the plan runs now."""
        return _result(self._desk.escalate(case_id, actor))

    def not_a_case(self, case_id: int, actor: str, reason: str, note: str) -> Result:
        """Closes it as not a case."""
        return _result(self._desk.not_a_case(case_id, actor, f"{reason}: {note}" if note else reason))

    def causes(self, language: str) -> Sequence[tuple[str, str]]:
        """The causes that `resolve` takes."""
        return [(cause.name, cause.ja if language == "ja" else cause.en) for cause in CAUSES.values()]

    def resolve(self, case_id: int, actor: str, done: str, cause: str, whys: Sequence[str]) -> Result:
        """What was done for the customer, and what caused it."""
        return _result(self._desk.resolve(case_id, actor, done, cause, whys))

    def remedies(self, case_id: int, actor: str, language: str) -> Sequence[Remedy]:
        """What the playbook suggests to offer."""
        app, at = self._app, self._app.clock.now()
        tongue: Tongue = "ja" if language == "ja" else "en"
        with app.database.read() as session:
            case = session.get_one(Case, case_id)
            playbook = app.playbooks.by_name.get(case.playbook or "")
            if playbook is None:
                return []
            found = remedies_for(session, case, playbook, tongue, actor=actor, at=at, settings=app.settings)
        return [Remedy(one.name, one.amount, one.currency, one.limit) for one in found]

    def offer(self, case_id: int, actor: str, remedy: str, amount: str, currency: str) -> Result:
        """Offers a remedy, or asks for it."""
        return _result(self._desk.offer(case_id, actor, remedy, amount, currency))

    def decide_offer(self, case_id: int, actor: str, offer_id: int, approve: bool) -> Result:
        """Approves or refuses what was asked for."""
        return _result(self._desk.decide_offer(case_id, actor, offer_id, approve))

    def redeem_offer(self, case_id: int, actor: str, offer_id: int) -> Result:
        """The customer took it."""
        return _result(self._desk.redeem_offer(case_id, actor, offer_id))

    def withdraw_offer(self, case_id: int, actor: str, offer_id: int) -> Result:
        """Takes an offer back."""
        return _result(self._desk.withdraw_offer(case_id, actor, offer_id))

    def add_task(
        self, case_id: int, actor: str, words: str, kind: str, assignee: str | None, due_at: datetime | None
    ) -> Result:
        """Something to do."""
        return _result(self._desk.add_task(case_id, actor, words, kind, assignee, due_at))

    def finish_task(self, case_id: int, actor: str, task_id: int) -> Result:
        """It is done."""
        return _result(self._desk.finish_task(case_id, actor, task_id))

    def staff_note(self, case_id: int, actor: str, text: str) -> Result:
        """How the colleague who faced it is helped."""
        return _result(self._desk.staff_note(case_id, actor, text))

    def start_checklist(self, case_id: int, actor: str) -> Result:
        """The steps of the playbook become tasks."""
        return _result(self._desk.start_checklist(case_id, actor))

    def ask_why(self, case_id: int, actor: str, answers: Sequence[str]) -> Result:
        """The next of the five whys."""
        return _result(self._desk.ask_why(case_id, actor, answers))

    def progress(self, case_id: int, stage: str, until: datetime) -> str:
        """The template of a stage in the customer's language."""
        return self._desk.progress(case_id, stage, until)

    def told_customer(self, case_id: int, actor: str, stage: str, text: str) -> Result:
        """The customer was told this."""
        return _result(self._desk.told_customer(case_id, actor, stage, text))

    def asked_in_person(self, case_id: int, actor: str, text: str) -> Result:
        """A lead asked the customer in person."""
        return _result(self._desk.asked_in_person(case_id, actor, text))

    def thanked(self, case_id: int, actor: str, text: str) -> Result:
        """The customer was thanked."""
        return _result(self._desk.thanked(case_id, actor, text))

    def merge(self, case_id: int, actor: str, into: str) -> Result:
        """Makes the case a part of another one."""
        return _result(self._desk.merge(case_id, actor, into))

    def split(self, case_id: int, actor: str, reason: str) -> Result:
        """Takes a merged case out again."""
        return _result(self._desk.split(case_id, actor, reason))

    def link(self, case_id: int, actor: str, other: str, shown_by: str) -> Result:
        """The authors of two cases are one person."""
        return _result(self._desk.link(case_id, actor, other, shown_by))

    def unlink(self, case_id: int, actor: str, link_id: int) -> Result:
        """Takes a link back."""
        return _result(self._desk.unlink(case_id, actor, link_id))

    def report_entry(self, text: str, place: str | None, happened_at: datetime, actor: str, language: str) -> Result:
        """What a customer told a colleague becomes a mention of the source `staff`."""
        try:
            record_staff_entry(self._app, text, place, happened_at, actor, language)
        except ValueError as error:
            return Refused("empty", str(error))
        return Done()

    def snooze(self, case_id: int, actor: str, until: datetime) -> Result:
        """Waits until a moment."""
        return _result(self._desk.snooze(case_id, actor, until))

    def note(self, case_id: int, actor: str, text: str, said_in: str | None = None) -> Result:
        """Adds a note to the timeline; what was said in one message once."""
        return _result(self._desk.note(case_id, actor, text, said_in))

    def open_case(self, text: str, url: str | None, actor: str) -> Result:
        """What somebody pointed at becomes a mention and its case, whatever the criteria say."""
        if not text.strip():
            return Refused("empty", "the message has no text")
        return Done(report_by_hand(self._app, text, url, actor))

    def mine(self, actor: str) -> Sequence[CaseView]:
        """Open cases of a person, the next due first."""
        return self._views(lambda case: case.owner == actor)

    def due(self, limit: int) -> Sequence[CaseView]:
        """Open cases of everyone, the next due first."""
        return self._views(lambda _case: True)[:limit]

    def search(self, words: str, limit: int) -> Sequence[CaseView]:
        """Cases whose mention, author or reference matches."""
        wanted = words.casefold().strip()
        with self._app.database.read() as session:
            found = [
                case.id
                for case in session.scalars(select(Case).order_by(Case.id.desc()))
                if wanted in _searched(session, case)
            ][:limit]
            return [view_of(session, case_id, self._app.settings, self._app.channels) for case_id in found]

    def report(self) -> str:
        """This week in a few lines."""
        from kintsugi.steps.reporting import periodic, question
        from reports.as_text import brief_of
        from reports.report import make_report

        settings, at = self._app.settings, self._app.clock.now()
        with self._app.database.read() as session:
            period = periodic("weekly", at, settings.brand.zone)
            made = make_report(session, question(settings, "weekly", period, at))
        return "\n\n".join(brief_of(made, settings.brand.languages[0]))

    def why(self, ref: str) -> Sequence[str]:
        """Why people were told, or why nobody was."""
        with self._app.database.read() as session:
            try:
                return reasons_for(session, ref, self._app.settings)
            except ValueError as error:
                return [str(error)]

    def silence(self, matchers: Sequence[str], until: datetime, reason: str, actor: str) -> Result:
        """Silences what matches until a moment."""
        return _result(self._desk.silence(matchers, until, reason, actor))

    def _views(self, wanted: object) -> list[CaseView]:
        assert callable(wanted)
        with self._app.database.read() as session:
            ids = [case_id_of(row["ref"]) for row in case_lines(session, self._app.settings)]
            mine = [case_id for case_id in ids if wanted(session.get_one(Case, case_id))]
            return [view_of(session, case_id, self._app.settings, self._app.channels) for case_id in mine]


def open_slack(app: App) -> SlackApp:
    """The app with all its handlers over one installation, for Socket Mode or HTTP. Needs SLACK_BOT_TOKEN."""
    from slack_sdk import WebClient

    from alerts.slack.app import slack_app

    token = app.secrets.slack_bot_token
    client = WebClient(token=token.get_secret_value() if token else None, base_url=app.settings.slack.api_url)
    return slack_app(SlackDesk(app), app.settings, app.secrets, client, app.clock.now)


def _result(refused: responder.cases.refused.Refused | None) -> Result:
    return Done() if refused is None else Refused(refused.reason, refused.why)


def _searched(session: Session, case: Case) -> str:
    revision = latest_revision(session, case.mention_id)
    parts = (case.ref, revision.title, revision.text, case.author.name if case.author else None)
    return " ".join(part for part in parts if part).casefold()
