"""The scripted owner of the demo: claims, answers, resolves as a busy team would, by rule and without chance."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from kintsugi.app import App
from kintsugi.desk.desk import Desk
from responder.cases.causes import whys_of
from responder.outcome.follow_ups import BY_PEOPLE, due
from storage.assessment import assessment_of
from storage.case import Case
from storage.draft import latest_draft
from storage.mention import latest_revision

CAUSES = {
    "staff": "people",
    "waiting": "process",
    "booking": "process",
    "cleanliness": "process",
    "food": "process",
    "facilities": "facilities",
    "app": "system",
    "billing": "system",
    "privacy": "system",
    "communication": "information",
}
# How long a case lies in a state before the owner takes the next step.
PATIENCE = {"new": timedelta(), "acknowledged": timedelta(hours=2), "answering": timedelta(hours=20)}
DONE_JA = "お客様にご連絡し、状況をうかがったうえで、該当箇所を当日中に改めました。"
WHYS_JA = (
    "担当者への引き継ぎが、口頭だけで行われていたため。",
    "引き継ぎ表に、その項目の欄がなかったため。",
    "表を作ったときに、現場の意見を聞いていなかったため。",
    "手順を見直す担当者が決まっていなかったため。",
    "苦情から手順へ戻す仕組みがなかったため。",
)
DONE_EN = "Wrote to the guest, heard what happened, and put it right the same day."


class Owner:
    """Works through the open cases, a few hours behind them."""

    def __init__(self, app: App) -> None:
        self._app, self._desk = app, Desk(app)
        self.did: Counter[str] = Counter()
        roles = app.settings.roles
        self._lead = next(key for key, person in app.settings.people.items() if roles[person.role].approves)

    def work(self) -> None:
        """One look at the desk: everything that has waited long enough is moved on by one step."""
        now = self._app.clock.now()
        with self._app.database.read() as session:
            waiting = [
                (case.id, case.state, self._plan(case, session))
                for case in session.scalars(select(Case).where(Case.state.in_(list(PATIENCE))))
                if now - case.state_at >= PATIENCE[case.state] and not (case.state == "new" and _is_left(case.id))
            ]
            owed = [(one.case_id, one.kind) for one in due(session, now - timedelta(hours=8)) if one.kind in BY_PEOPLE]
        for case_id, state, (person, junk, blocked, topic) in waiting:
            self._move(case_id, state, person, junk=junk, blocked=blocked, topic=topic)
        for case_id, kind in owed:
            self._follow_up(case_id, kind)

    def _plan(self, case: Case, session: object) -> tuple[str, bool, bool, str]:
        from sqlalchemy.orm import Session

        assert isinstance(session, Session)
        people = [key for key, person in self._app.settings.people.items() if person.team == case.team or not case.team]
        draft = latest_draft(session, case.id)
        assessment = assessment_of(session, latest_revision(session, case.mention_id).id)
        junk = draft is not None and not draft.text and assessment is not None and assessment.severity != "critical"
        blocked = draft is None or not draft.text or any(finding["level"] == "block" for finding in draft.findings)
        person = people[case.id % len(people)] if people else next(iter(self._app.settings.people))
        return person, junk, blocked, str(case.labels.get("topic", ""))

    def _move(self, case_id: int, state: str, person: str, *, junk: bool, blocked: bool, topic: str) -> None:
        if state == "new":
            self._do("claimed", self._desk.claim(case_id, person))
        elif state == "acknowledged" and junk:
            self._do("dismissed", self._desk.not_a_case(case_id, person, "宣伝・いたずらの投稿"))
        elif state == "acknowledged":
            text = PERSONAL if blocked else None
            self._do("answered", self._desk.post_manual(case_id, person, text))
        else:
            cause = CAUSES.get(topic, "unknown")
            done = DONE_JA if case_id % 2 else DONE_EN
            self._do("resolved", self._desk.resolve(case_id, person, done, cause, self._whys(case_id)))

    def _follow_up(self, case_id: int, kind: str) -> None:
        if kind == "lead":
            self._do("asked again", self._desk.asked_in_person(case_id, self._lead))
        else:
            self._do("thanked", self._desk.thanked(case_id, self._lead))

    def _whys(self, case_id: int) -> tuple[str, ...]:
        with self._app.database.read() as session:
            case = session.get_one(Case, case_id)
            return WHYS_JA[len(whys_of(session, case)) : self._app.settings.whys.needed(case.severity)]

    def _do(self, what: str, refused: object) -> None:
        self.did[what if refused is None else f"{what}: refused"] += 1


def _is_left(case_id: int) -> bool:
    """Every ninth case is left, so that a clock runs out before your eyes."""
    return case_id % 9 == 8


# What a person writes where the guard says that a person must: no cause, no admission, a contact.
PERSONAL = (
    "このたびはご心配をおかけし、心よりお詫び申し上げます。お身体の具合はいかがでしょうか。"
    "まずは事実を確かめさせてください。恐れ入りますが、支配人宛てにご連絡をいただけますでしょうか。"
)
