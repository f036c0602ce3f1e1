"""What a person can do with a case, the same from Slack, the command line and the pages: one transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from alerts.escalating.escalation import escalate_now
from alerts.messages.wording import words_for
from alerts.routing.silences import SilenceError, make_silence
from kintsugi.desk.joint_moves import JointMoves
from kintsugi.desk.offer_moves import OfferMoves
from kintsugi.desk.work_moves import WorkMoves, answer_whys, enough_whys
from kintsugi.steps.drafting import keep_edit
from kintsugi.steps.ownership import on_call_of
from responder.answering.approvals import ask_approval, decline, end_wait, may_approve, repliers
from responder.answering.replies import approve, mark_posted, take_down, undo
from responder.cases.refused import Refused
from responder.cases.transitions import move
from responder.cases.waits import wait
from responder.outcome.corrections import relabel
from storage.case import Case
from storage.draft import approved_reply, latest_draft
from storage.intake import take_once
from storage.note import write_note


class Desk(OfferMoves, WorkMoves, JointMoves):
    """The recovery desk of one installation. Every method returns None when it is done, or why it was refused.

    Offers stand in offer_moves, tasks and whys in work_moves, what concerns two cases in joint_moves.
    """

    def claim(self, case_id: int, actor: str) -> Refused | None:
        """This person takes the case: the acknowledge clock stops, repeats of the alert end."""

        def act(session: Session, case: Case, at: datetime) -> object:
            if case.owner not in (None, actor) and case.state != "new":
                person = self._app.settings.people.get(case.owner or "")
                return Refused("taken", f"{case.ref} is taken by {person.name if person else case.owner}")
            if case.owner == actor and case.state in ("acknowledged", "investigating", "answering"):
                return None  # pressed twice, or Slack sent the press again
            return move(session, case, "acknowledge", actor=actor, at=at)

        return self._do(case_id, act)

    def approve(self, case_id: int, actor: str, text: str | None = None, despite: str | None = None) -> Refused | None:
        """This person stands for `text`, or for the draft as it is; `despite` overrides a warning of the guard.

        Where the mention's source has a channel the reply is published after publish.undo; else somebody posts it.
        """
        settings, channels = self._app.settings, self._app.channels

        def act(session: Session, case: Case, at: datetime) -> object:
            draft = latest_draft(session, case.id)
            words = text if text is not None else draft.text if draft else ""
            channel = channels.name_for(case.mention)
            reply: object = may_approve(session, case, actor, at, settings) or approve(
                session, case, words, actor=actor, at=at, channel=channel, draft=draft, settings=settings,
                despite=despite,
            )  # fmt: skip
            if not isinstance(reply, Refused):
                end_wait(session, case, actor=actor, at=at)
            return reply

        return self._do(case_id, act)

    def edit(self, case_id: int, actor: str, text: str) -> Refused | None:
        """This text is proposed from now on; what the guard says of it is shown and stops nothing yet."""
        settings = self._app.settings
        return self._do(
            case_id, lambda session, case, at: keep_edit(session, case, text, actor=actor, at=at, settings=settings)
        )

    def ask_approval(self, case_id: int, actor: str, text: str | None = None, question: str = "") -> Refused | None:
        """Asks somebody else to approve `text`, or the draft as it is; nobody approves what they asked for."""
        settings = self._app.settings

        def act(session: Session, case: Case, at: datetime) -> object:
            kept = keep_edit(session, case, text, actor=actor, at=at, settings=settings) if text is not None else None
            if isinstance(kept, Refused):
                return kept
            asked = ask_approval(session, case, question, actor=actor, at=at, settings=settings)
            if not isinstance(asked, Refused):
                person = repliers(session, actor, at, settings)[0]
                self._tell(session, case, "approval_asked", at, person, who=self._name(actor), what=question[:1000])
            return asked

        return self._do(case_id, act)

    def decline(self, case_id: int, actor: str, reason: str) -> Refused | None:
        """Sends a reply back for which approval was asked; who asked takes the question back the same way."""
        settings = self._app.settings

        def act(session: Session, case: Case, at: datetime) -> object:
            note = decline(session, case, reason, actor=actor, at=at, settings=settings)
            if not isinstance(note, Refused):
                self._tell(session, case, "approval_declined", at, None, who=self._name(actor), what=note.text[:1000])
            return note

        return self._do(case_id, act)

    def undo(self, case_id: int, actor: str) -> Refused | None:
        """Takes an approval back before its reply is published."""
        return self._do(case_id, lambda session, case, at: undo(session, case, actor=actor, at=at))

    def take_down(self, case_id: int, actor: str, reason: str) -> Refused | None:
        """Has the live reply deleted on its site, where the site can do that."""
        return self._do(case_id, lambda session, case, at: take_down(session, case, actor=actor, at=at, reason=reason))

    def post_manual(self, case_id: int, actor: str, text: str | None = None, url: str | None = None) -> Refused | None:
        """The reply was posted on the site by hand: `text`, or what was approved, or the draft as it is."""

        def act(session: Session, case: Case, at: datetime) -> object:
            known = approved_reply(session, case.id)
            reply: object = known
            if known is None or text not in (None, known.text):
                draft = latest_draft(session, case.id)
                words = text if text is not None else draft.text if draft else ""
                unapproved = may_approve(session, case, actor, at, self._app.settings)
                reply = unapproved or approve(session, case, words, actor=actor, at=at, draft=draft)
            if isinstance(reply, Refused):
                return reply
            end_wait(session, case, actor=actor, at=at)
            waiting = approved_reply(session, case.id)
            assert waiting is not None
            return mark_posted(session, waiting, actor=actor, at=at, url=url)

        return self._do(case_id, act)

    def resolve(self, case_id: int, actor: str, done: str, cause: str, whys: Sequence[str] = ()) -> Refused | None:
        """The failure is put right; follow-ups are planned. `whys` are answered first, as many as `whys:` asks for."""
        settings = self._app.settings

        def act(session: Session, case: Case, at: datetime) -> object:
            refused = answer_whys(session, case, whys, actor, at)
            refused = refused or enough_whys(session, case, settings.whys.needed(case.severity))
            return refused or move(
                session, case, "resolve", actor=actor, at=at, settings=settings, done=done, cause=cause
            )

        return self._do(case_id, act)

    def not_a_case(self, case_id: int, actor: str, reason: str) -> Refused | None:
        """Closes it, and keeps the reason as a correction for the model."""
        return self._do(
            case_id,
            lambda session, case, at: relabel(
                session, case, actor=actor, at=at, topics_known=self._app.settings.topics_known, not_a_case=reason
            ),
        )

    def relabel(
        self,
        case_id: int,
        actor: str,
        sentiment: str | None = None,
        severity: str | None = None,
        topics: Sequence[str] | None = None,
    ) -> Refused | None:
        """Corrects what the model said."""
        return self._do(
            case_id,
            lambda session, case, at: relabel(
                session,
                case,
                actor=actor,
                at=at,
                topics_known=self._app.settings.topics_known,
                sentiment=sentiment,
                severity=severity,
                topics=topics,
            ),
        )

    def snooze(self, case_id: int, actor: str, until: datetime) -> Refused | None:
        """Puts the case off until then; its clocks go on."""
        settings = self._app.settings
        return self._do(
            case_id,
            lambda session, case, at: wait(
                session, case, "snoozed", actor=actor, at=at, until=until, settings=settings
            ),
        )

    def reopen(self, case_id: int, actor: str, reason: str) -> Refused | None:
        """Back to investigating; nothing of it is lost."""
        settings = self._app.settings
        return self._do(
            case_id,
            lambda session, case, at: move(
                session, case, "reopen", actor=actor, at=at, settings=settings, reason=reason
            ),
        )

    def escalate(self, case_id: int, actor: str) -> Refused | None:
        """The next step of the plan runs now."""
        app = self._app

        def act(session: Session, case: Case, at: datetime) -> object:
            words = words_for(app.settings.brand.languages)
            on_call = on_call_of(app.settings, app.folder)
            told = escalate_now(session, case, app.settings, on_call, words, at, actor=actor)
            return told if told is not None else Refused("no_step", f"{case.ref} has no further step of escalation")

        return self._do(case_id, act)

    def silence(self, matchers: Sequence[str], until: datetime, reason: str, actor: str) -> Refused | None:
        """Mutes what matches until a moment."""
        at = self._app.clock.now()
        try:
            with self._app.database.write() as session:
                make_silence(session, matchers, starts_at=at, ends_at=until, reason=reason, made_by=actor, at=at)
        except SilenceError as error:
            return Refused("silence", str(error))
        return None

    def note(self, case_id: int, actor: str, text: str, said_in: str | None = None) -> Refused | None:
        """Adds to the timeline; what was said in one message (its channel and ts) once, however often it comes."""
        if not text.strip():
            return Refused("empty", "the note is empty: write at least one word")

        def act(session: Session, case: Case, at: datetime) -> None:
            if said_in is None or take_once(session, "slack thread", said_in, at):
                write_note(session, case.id, text, kind="note", actor=actor, at=at)

        return self._do(case_id, act)
