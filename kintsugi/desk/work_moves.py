"""The work behind a reply, as moves of a case: tasks, staff notes, whys, word to the customer, follow-ups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from kintsugi.desk.case_moves import CaseMoves
from responder.cases import causes, checklists, tasks
from responder.cases.progress import STAGES, progress_message
from responder.cases.refused import Refused
from responder.drafting.playbooks import Tongue
from responder.outcome import follow_ups
from storage.case import Case
from storage.draft import latest_draft
from storage.event import append_event
from storage.note import write_note
from storage.task import Task

LONGEST = 4000  # characters of what the customer was told


class WorkMoves(CaseMoves):
    """Tasks and checklists, whys, progress, follow-ups."""

    def add_task(
        self,
        case_id: int,
        actor: str,
        words: str,
        kind: str = "process",
        assignee: str | None = None,
        due_at: datetime | None = None,
    ) -> Refused | None:
        """Something to do: process (remove the cause), staff (help who faced it), customer. `assignee`: a person id."""
        if assignee is not None and assignee not in self._app.settings.people:
            return Refused("unknown_person", f"{assignee!r} is not among the people of kintsugi.yaml")

        def act(session: Session, case: Case, at: datetime) -> object:
            made = tasks.add_task(session, case, words, actor=actor, at=at, kind=kind, assignee=assignee, due_at=due_at)
            if isinstance(made, Task) and assignee not in (None, actor):
                self._tell(session, case, "task", at, assignee, who=self._name(actor), what=made.text[:500])
            return made

        return self._do(case_id, act)

    def finish_task(self, case_id: int, actor: str, task_id: int) -> Refused | None:
        """A task of this case is done."""

        def act(session: Session, case: Case, at: datetime) -> object:
            task = session.get(Task, task_id)
            if task is None or task.case_id != case.id:
                return Refused("unknown", f"{case.ref} has no task {task_id}")
            return tasks.finish_task(session, task, actor=actor, at=at)

        return self._do(case_id, act)

    def staff_note(self, case_id: int, actor: str, text: str) -> Refused | None:
        """How the colleague who faced it is helped; only for colleagues, never in a reply."""
        if not text.strip() or len(text) > LONGEST:
            return Refused("empty", f"write at least one word and at most {LONGEST} characters")
        return self._do(
            case_id, lambda session, case, at: write_note(session, case.id, text, kind="staff", actor=actor, at=at)
        )

    def start_checklist(self, case_id: int, actor: str) -> Refused | None:
        """The steps of the case's playbook become tasks; started twice they are the same."""
        app = self._app

        def act(session: Session, case: Case, at: datetime) -> object:
            playbook = app.playbooks.by_name.get(case.playbook or "")
            if playbook is None or not playbook.steps:
                return Refused("no_playbook", f"{case.ref} has no playbook with steps")
            language: Tongue = "ja" if app.settings.brand.languages[0] == "ja" else "en"
            return checklists.start_checklist(session, case, playbook, language, actor=actor, at=at)

        return self._do(case_id, act)

    def ask_why(self, case_id: int, actor: str, answers: Sequence[str]) -> Refused | None:
        """The next answers of the five whys, in their order."""
        return self._do(case_id, lambda session, case, at: answer_whys(session, case, answers, actor, at))

    def progress(self, case_id: int, stage: str, until: datetime | None = None) -> str:
        """The template of a stage (responder.cases.progress.STAGES) in the customer's language, to copy and to change.

        `until`: when the customer hears again; the first three stages raise ValueError without it.
        """
        with self._app.database.read() as session:
            case = session.get_one(Case, case_id)
            draft = latest_draft(session, case.id)
            language = draft.language if draft else self._app.settings.brand.languages[0]
            return progress_message(case, stage, language, self._app.settings, until=until)

    def told_customer(self, case_id: int, actor: str, stage: str, text: str) -> Refused | None:
        """The customer was told in private how it goes (`stage`: responder.cases.progress.STAGES), in these words."""
        if stage not in STAGES:
            return Refused("unknown_stage", f"{stage!r} is no stage: use one of {', '.join(STAGES)}")
        if not text.strip() or len(text) > LONGEST:
            return Refused("empty", f"write at least one word and at most {LONGEST} characters")

        def act(session: Session, case: Case, at: datetime) -> object:
            note = write_note(session, case.id, text, actor=actor, at=at)
            return append_event(session, case.id, "told", actor=actor, at=at, data={"stage": stage, "note": note.id})

        return self._do(case_id, act)

    def asked_in_person(self, case_id: int, actor: str, text: str = "") -> Refused | None:
        """A lead asked the customer whether all is well now, perhaps in these words."""
        return self._followed_up(case_id, actor, "lead", text)

    def thanked(self, case_id: int, actor: str, text: str = "") -> Refused | None:
        """The customer was thanked for having told us, perhaps in these words."""
        return self._followed_up(case_id, actor, "thanks", text)

    def _followed_up(self, case_id: int, actor: str, kind: str, text: str) -> Refused | None:
        if len(text) > LONGEST:
            return Refused("too_long", f"write at most {LONGEST} characters")
        return self._do(
            case_id,
            lambda session, case, at: follow_ups.finish_next(session, case, kind, actor=actor, at=at, said=text),
        )


def answer_whys(session: Session, case: Case, answers: Sequence[str], actor: str, at: datetime) -> Refused | None:
    """Writes the answers that are not empty; refused as a whole when there are more than five."""
    for answer in answers:
        if answer.strip():
            note = causes.ask_why(session, case, answer, actor=actor, at=at)
            if isinstance(note, Refused):
                return note
    return None


def enough_whys(session: Session, case: Case, needed: int) -> Refused | None:
    """Whether the cause was looked for deep enough to resolve the case."""
    known = len(causes.whys_of(session, case))
    if known >= needed:
        return None
    return Refused(
        "needs_whys",
        f"a {case.severity} case needs {needed} answers to “why did that happen?”, {case.ref} has {known}: "
        f"`kintsugi cases whys {case.ref}`",
    )
