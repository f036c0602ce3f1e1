"""How commands act on a case: the same permission, desk and words as in Slack."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kintsugi.commands.options import failed, opened, say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from alerts.permission import Action
    from alerts.view import CaseView
    from kintsugi.app import App
    from storage.case import Case

Ref = Annotated[str, typer.Argument(help="The case, such as K-42.")]
Actor = Annotated[
    str, typer.Option("--by", help="Who does it: a person id of kintsugi.yaml.", envvar="KINTSUGI_PERSON")
]
# Methods of the desk whose action has another name in alerts.permission.
_ACTIONS: dict[str, Action] = {
    "post_manual": "posted",
    "add_task": "task",
    "staff_note": "staff",
    "start_checklist": "checklist",
    "ask_why": "whys",
    "told_customer": "progress",
}


def case_named(session: Session, ref: str) -> Case:
    """The case of this reference. Ends the command where there is none."""
    from storage.case import Case, case_id_of

    try:
        case = session.get(Case, case_id_of(ref))
    except ValueError as error:
        raise failed(str(error)) from None
    if case is None:
        raise failed(f"there is no case {ref}: kintsugi cases list --state all shows every one")
    return case


def act(ref: str, by: str, config: Path, method: str, **values: Any) -> CaseView:
    """Calls a method of the desk for a person who may do that, and says that it is done; the case as it is then."""
    from kintsugi.desk.desk import Desk
    from kintsugi.views.caseview import view_of

    app = opened(config)
    with app.database.read() as session:
        case_id = case_named(session, ref).id
        view = view_of(session, case_id, app.settings, app.channels)
    _must_be_allowed(app, by, method, view, config)
    for name in ("until", "due_at"):
        if values.get(name) is not None:
            values[name] = in_zone(app, values[name])
    refused = getattr(Desk(app), method)(case_id, by, **values)
    if refused is not None:
        raise failed(refused.why)
    say(f"{ref}: done")
    with app.database.read() as session:
        return view_of(session, case_id, app.settings, app.channels)


def look(ref: str, config: Path) -> tuple[App, CaseView]:
    """The installation, and the case as it is now."""
    from kintsugi.views.caseview import view_of

    app = opened(config)
    with app.database.read() as session:
        return app, view_of(session, case_named(session, ref).id, app.settings, app.channels)


def in_zone(app: App, moment: datetime) -> datetime:
    """A moment that was typed without a time zone is one of the brand's."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=app.settings.brand.zone)


def _must_be_allowed(app: App, by: str, method: str, view: CaseView, config: Path) -> None:
    from alerts.messages.wording import words_in
    from alerts.permission import ACTIONS, Denied, permission

    if by not in app.settings.people:
        known = ", ".join(app.settings.people) or "nobody yet"
        raise failed(f"--by {by!r} is not among the people of {config} ({known})")
    action: Action = _ACTIONS[method] if method in _ACTIONS else next(one for one in ACTIONS if one == method)
    allowed = permission(action, by, view, app.settings)
    if isinstance(allowed, Denied):
        raise failed(f"{by} may not: {words_in('en')[f'denied.{allowed.reason}'].format(detail=allowed.detail)}")
