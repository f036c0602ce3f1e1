"""What the page of a case offers to do besides the reply: what may be offered, who can be asked, what to tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from alerts.actions import Remedy
from alerts.view import CaseView
from kintsugi.desk.desk import Desk
from kintsugi.desk.slack_desk import SlackDesk
from kintsugi.web.moments import moment_of
from kintsugi.web.queries.whole_case import hidden
from kintsugi.web.rendering import Shown
from responder.cases.progress import STAGES
from responder.drafting.lengths import limit_of, measure
from responder.drafting.reply_check import findings_for
from responder.guard.finding import Finding
from storage.case import Case
from storage.draft import latest_draft
from storage.link import SHOWN_BY
from storage.task import TASK_KINDS

if TYPE_CHECKING:
    from config.settings import Settings
    from kintsugi.app import App
    from kintsugi.web.queries.whole_case import WholeCase
    from kintsugi.web.viewer import Viewer

HEARS_AGAIN = timedelta(days=1)
QUOTED = 60  # characters


@dataclass(frozen=True, slots=True)
class CheckedText:
    """A reply with what the guard says of it, and how much of what its site takes it uses, in the site's own unit."""

    text: str
    findings: Sequence[Finding]
    used: int
    most: int
    unit: str
    quotes: Sequence[str]  # for each finding the words that it is about, if it is about some


@dataclass(frozen=True, slots=True)
class CaseWork:
    """What one viewer can choose from. Without `currency` they are no person of the team, and can offer nothing."""

    remedies: Sequence[Remedy]
    currency: str | None
    people: Sequence[tuple[str, str]]  # who can be asked to do something: (id, name)
    steps: bool  # the playbook has steps that are no tasks yet
    stage: str
    chosen: bool  # the viewer asked for this stage
    until: datetime  # when the customer hears again
    message: str  # what tells them of the stage; empty where this viewer may not see their name
    task_kinds: Sequence[str] = tuple(kind for kind in TASK_KINDS if kind != "step")
    stages: Sequence[str] = STAGES
    shown_by: Sequence[str] = SHOWN_BY


def start_of(view: CaseView, version: str) -> str:
    """The draft, or the alternative of this number, counted from 1."""
    if version.isdecimal() and 0 < int(version[:3]) <= len(view.alternatives):
        return view.alternatives[int(version[:3]) - 1][1]
    return view.draft


def checked_text(session: Session, case: Case, text: str, settings: Settings) -> CheckedText:
    """What the guard says of a text as the reply to this case."""
    limit = limit_of(case.mention.source.kind)
    findings = findings_for(session, case, text, settings) if text.strip() else []
    quotes = [text[one.start : one.end][:QUOTED] for one in findings]
    return CheckedText(text, findings, measure(text, limit.unit), limit.maximum, limit.unit, quotes)


def checked_unseen(session: Session, case: Case, settings: Settings) -> CheckedText:
    """What the guard says of the newest draft, for somebody to whom it is shown without the author's name."""
    draft = latest_draft(session, case.id)
    name = (case.author.name if case.author else None) or ""
    checked = checked_text(session, case, draft.text if draft else "", settings)
    return replace(checked, text=hidden(checked.text, name), quotes=[hidden(one, name) for one in checked.quotes])


def case_work(app: App, whole: WholeCase, viewer: Viewer, shown: Shown, given: Mapping[str, str]) -> CaseWork:
    """What this viewer can do; `given` chooses the message to the customer (`stage`, `until`)."""
    settings, case_id = app.settings, whole.view.case_id
    person = settings.people.get(viewer.actor)
    works = whole.why_not is None and whole.view.state != "closed"
    stage = given.get("stage", "")
    stage = stage if stage in STAGES else STAGES[0]
    when = moment_of(given.get("until", ""))
    until = when.replace(tzinfo=shown.zone) if when is not None else shown.now.astimezone(shown.zone) + HEARS_AGAIN
    playbook = app.playbooks.by_name.get(whole.case.playbook or "")
    return CaseWork(
        remedies=SlackDesk(app).remedies(case_id, viewer.actor, shown.language) if works and person else [],
        currency=settings.roles[person.role].authority.currency if person else None,
        people=[(key, one.name) for key, one in settings.people.items() if settings.rank_of(key) != "viewer"],
        steps=playbook is not None and bool(playbook.steps) and all(task.kind != "step" for task in whole.tasks),
        stage=stage,
        chosen="stage" in given,
        until=until,
        message=Desk(app).progress(case_id, stage, until) if works and whole.named else "",
    )
