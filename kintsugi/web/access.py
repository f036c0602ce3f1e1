"""Who may do what in the pages: one table, asked before every route. What does not stand in it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import HTTPException, Request

from kintsugi.web.viewer import Viewer

if TYPE_CHECKING:
    from kintsugi.app import App

PUBLIC = "public"

# Method and path, as the route declares it → the least role. `public`: anybody, signed in or not.
LEAST: dict[str, str] = {
    # The service itself and other programs, which sign what they send.
    "GET /healthz": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /metrics": PUBLIC,  # this machine, or whoever has the token (kintsugi/web/pages/status.py)
    "POST /intake/{source}": PUBLIC,
    "POST /slack/events": PUBLIC,
    # What customers open (kintsugi/web/public.py).
    "GET /f/{token}": PUBLIC,
    "POST /f/{token}": PUBLIC,
    "GET /f/{token}/thanks": PUBLIC,
    "GET /c/{place}": PUBLIC,
    "POST /c/{place}": PUBLIC,
    "GET /c/{place}/thanks/{reference}": PUBLIC,
    # Signing in and out.
    "GET /login": PUBLIC,
    "POST /login": PUBLIC,
    "GET /login/oidc": PUBLIC,
    "GET /login/oidc/callback": PUBLIC,
    "GET /setup/{token}": PUBLIC,
    "POST /setup/{token}": PUBLIC,
    "POST /logout": "viewer",
    "GET /account": "viewer",
    "POST /account/language": "viewer",
    "POST /account/password": "viewer",
    "POST /account/totp": "viewer",
    "POST /account/totp/off": "viewer",
    "POST /account/sessions/end": "viewer",
    # A case. Agents work on cases of their own team, leads on all (kintsugi/web/viewer.py).
    "GET /cases/{case_id}": "viewer",
    "POST /cases/{case_id}/author": "agent",
    "POST /cases/{case_id}/guard": "agent",
    "POST /cases/{case_id}/claim": "agent",
    "POST /cases/{case_id}/approve": "agent",
    "POST /cases/{case_id}/edit": "agent",
    "POST /cases/{case_id}/ask_approval": "agent",
    "POST /cases/{case_id}/decline": "agent",
    "POST /cases/{case_id}/undo": "agent",
    "POST /cases/{case_id}/take_down": "lead",
    "POST /cases/{case_id}/posted": "agent",
    "POST /cases/{case_id}/escalate": "agent",
    "POST /cases/{case_id}/note": "agent",
    "POST /cases/{case_id}/snooze": "agent",
    "POST /cases/{case_id}/not_a_case": "agent",
    "POST /cases/{case_id}/resolve": "agent",
    "POST /cases/{case_id}/asked_in_person": "lead",
    "POST /cases/{case_id}/thanked": "agent",
    "POST /cases/{case_id}/reopen": "agent",
    "POST /cases/{case_id}/relabel": "agent",
    # Money is decided by responder.answering.authority besides.
    "POST /cases/{case_id}/offer": "agent",
    "POST /cases/{case_id}/offers/{offer_id}": "agent",
    "POST /cases/{case_id}/task": "agent",
    "POST /cases/{case_id}/tasks/{task_id}/done": "agent",
    "POST /cases/{case_id}/checklist": "agent",
    "POST /cases/{case_id}/staff": "agent",
    "POST /cases/{case_id}/whys": "agent",
    "POST /cases/{case_id}/told": "agent",
    "POST /cases/{case_id}/merge": "agent",
    "POST /cases/{case_id}/split": "agent",
    "POST /cases/{case_id}/link": "agent",
    "POST /cases/{case_id}/links/{link_id}/end": "agent",
    # What staff record, and the complaint pages.
    "GET /staff": "agent",
    "POST /staff": "agent",
    "GET /places": "viewer",
    "GET /places/{place}/qr": "viewer",
    "GET /places/{place}/qr.svg": "viewer",
    "GET /received/{reference}": "agent",
    "GET /received/{reference}/photo": "agent",
    # Mentions.
    "GET /mentions": "viewer",
    "POST /mentions/relabel": "lead",
    "POST /mentions/views": "viewer",
    "POST /mentions/views/{view_id}/delete": "viewer",
    # Sources.
    "GET /sources": "viewer",
    "GET /sources/{key}": "viewer",
    "POST /sources/{key}/run": "lead",
    "POST /sources/{key}/pause": "lead",
    "POST /sources/{key}/resume": "lead",
    # The log; who did what beside the cases is shown to administrators only.
    "GET /log": "viewer",
    "POST /log/verify": "lead",
    # Settings, silences, accounts.
    "GET /settings": "lead",
    "POST /settings/silences": "lead",
    "POST /settings/silences/{number}/end": "lead",
    "POST /settings/invite": "admin",
    "POST /settings/accounts/{account_id}/link": "admin",
    "POST /settings/accounts/{account_id}/role": "admin",
    # Spikes, and what can be learnt.
    "GET /spikes": "viewer",
    "GET /spikes/{spike_id}": "viewer",
    "GET /spikes/{spike_id}/chart": "viewer",
    "GET /learn": "viewer",
    "GET /learn/control": "viewer",
    "GET /outlook": "viewer",
    # Reports.
    "GET /reports": "viewer",
    "GET /reports/charts/{key}": "viewer",
    "GET /reports/files/{form}": "viewer",
    # Now.
    "GET /": "viewer",
    "GET /live": "viewer",
}


def gate(app: App) -> Callable[[Request], None]:
    """The check that runs before every route: leaves the viewer in `request.state.viewer`."""
    from kintsugi.web.sessions import viewer_by_cookie

    def check(request: Request) -> None:
        least = LEAST.get(f"{request.method.replace('HEAD', 'GET')} {request.scope['route'].path}")
        if least is None:
            raise HTTPException(403, "this address stands in no table of permissions")
        viewer = request.state.viewer = viewer_by_cookie(app, request)
        if least == PUBLIC:
            return
        if viewer is None:
            raise _sign_in_first(request)
        if not viewer.may(least):
            raise HTTPException(403, f"needs the role {least}; you are {viewer.role}")

    return check


def viewer_here(request: Request) -> Viewer:
    """The viewer of a route that needs one."""
    viewer: Viewer | None = request.state.viewer
    assert viewer is not None, "a public route has no viewer for certain"
    return viewer


def _sign_in_first(request: Request) -> HTTPException:
    if request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
        return HTTPException(401, "sign in first")
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return HTTPException(303, headers={"Location": f"/login?next={quote(wanted, safe='')}"})
