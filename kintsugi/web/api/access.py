"""Who may ask what of the API: one table, asked before every route. What does not stand in it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Request, Security
from fastapi.security import APIKeyQuery, HTTPAuthorizationCredentials, HTTPBearer

from config.people import Rank
from kintsugi.web.api.caller import caller_of
from kintsugi.web.api.problem import ProblemError
from kintsugi.web.limits import Limit

if TYPE_CHECKING:
    from kintsugi.app import App

MOST_A_MINUTE = 600  # requests of one token


@dataclass(frozen=True, slots=True)
class Needs:
    """The scope of the token and the least role of its person. Of a case, alerts.permission decides besides."""

    scope: str
    least: Rank = "viewer"


READ, ACT = Needs("read"), Needs("act", "agent")
ACT_AS_VIEWER = Needs("act")  # of one's own
RUNS = Needs("admin", "lead")  # what keeps the service going
OWNS = Needs("admin", "admin")  # what lets data out

# Method and path, as the route declares it.
NEEDED: dict[str, Needs] = {
    "GET /token": READ,
    "GET /mentions": READ,
    "GET /mentions.csv": READ,
    "GET /mentions.xlsx": READ,
    "GET /mentions/{mention_id}": READ,
    "GET /mentions/{mention_id}/revisions": READ,
    "POST /mentions/{mention_id}/relabel": ACT,
    "POST /mentions/relabel": Needs("act", "lead"),
    "GET /views": READ,
    "POST /views": ACT_AS_VIEWER,
    "POST /views/{view_id}/delete": ACT_AS_VIEWER,
    "POST /staff": ACT,
    "GET /complaint-pages": READ,
    "GET /complaint-pages/{place}/qr.svg": READ,
    "POST /received/{reference}/look": ACT,
    "GET /received/{reference}/photo": ACT,
    "GET /cases": READ,
    "POST /cases": ACT,
    "GET /cases.csv": READ,
    "GET /cases.xlsx": READ,
    "GET /cases/{ref}": READ,
    "GET /cases/{ref}/events": READ,
    "GET /cases/{ref}/drafts": READ,
    "GET /cases/{ref}/remedies": READ,
    "GET /cases/{ref}/message": ACT,
    "GET /causes": READ,
    "POST /cases/{ref}/author": ACT,
    "POST /cases/{ref}/guard": ACT,
    "POST /guard": READ,
    "GET /spikes": READ,
    "GET /spikes/{spike_id}": READ,
    "GET /spikes.rss": READ,
    "GET /calendar.ics": READ,
    "GET /sources": READ,
    "GET /sources/{key}": READ,
    "GET /sources/{key}/crawls": READ,
    "POST /sources/{key}/run": RUNS,
    "POST /sources/{key}/pause": RUNS,
    "POST /sources/{key}/resume": RUNS,
    "GET /silences": READ,
    "POST /silences": ACT,
    "POST /silences/{silence_id}/end": ACT,
    "POST /absences": ACT,
    "GET /outlook": READ,
    "GET /reports": READ,
    "GET /reports/files/{form}": READ,
    "GET /figures": READ,
    "GET /learn": READ,
    "GET /log/verify": Needs("read", "lead"),
    "GET /people": READ,
    "GET /roles": READ,
    "GET /settings": Needs("read", "lead"),
    "GET /audit": OWNS,
    "GET /accounts": OWNS,
    "POST /accounts/invitations": OWNS,
    "POST /accounts/{account_id}/link": OWNS,
    "POST /accounts/{account_id}/role": OWNS,
    "GET /parked": RUNS,
    "POST /parked/retry": RUNS,
    "GET /webhooks": OWNS,
    "POST /webhooks": OWNS,
    "POST /webhooks/{webhook_id}/end": OWNS,
    "POST /webhooks/{webhook_id}/test": OWNS,
    "POST /webhooks/{webhook_id}/replay": OWNS,
    "GET /webhooks/{webhook_id}/deliveries": OWNS,
}

_bearer = HTTPBearer(auto_error=False, description="A token of `kintsugi token create`.")
_in_address = APIKeyQuery(
    name="token", auto_error=False, description="The same in the address, for calendars and feed readers."
)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
InAddress = Annotated[str | None, Security(_in_address)]


def needs_of(method: str, path: str) -> Needs | None:
    """What a route needs. All moves of a case need the same of a token; of the person alerts.permission decides."""
    known = NEEDED.get(f"{method.replace('HEAD', 'GET')} {path}")
    return known or (ACT if method == "POST" and path.startswith("/cases/{ref}/") else None)


def gate(app: App, limit: Limit) -> Callable[[Request, HTTPAuthorizationCredentials | None], None]:
    """The check that runs before every route: leaves the caller in `request.state.caller`."""

    def check(request: Request, shown: Bearer) -> None:
        _let_in(app, limit, request, shown.credentials if shown is not None else "")

    return check


def feed_gate(app: App, limit: Limit) -> Callable[[Request, HTTPAuthorizationCredentials | None, str | None], None]:
    """The same for what calendars and feed readers fetch, which can send no header.

    An address is kept in logs and settings of others: a token in it must have no scope but `read`.
    """

    def check(request: Request, shown: Bearer, token: InAddress) -> None:
        if shown is None and token:
            _let_in(app, limit, request, token)
            if request.state.caller.scopes != ("read",):
                raise ProblemError(403, "token_in_address", "in an address only a token with the one scope read may be")
        else:
            _let_in(app, limit, request, shown.credentials if shown is not None else "")

    return check


def _let_in(app: App, limit: Limit, request: Request, token: str) -> None:
    needs = needs_of(request.method, request.scope["route"].path)
    if needs is None:
        raise ProblemError(403, "no_rule", "this address stands in no table of permissions")
    caller = caller_of(app, token)
    wait = limit.wait(str(caller.token_id))
    if wait:
        raise ProblemError(
            429, "too_many", f"more than a token may ask in a minute: wait {wait} s", {"Retry-After": str(wait)}
        )
    caller.needs(needs.scope, needs.least)
    request.state.caller = caller
