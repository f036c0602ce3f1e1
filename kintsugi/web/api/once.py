"""Posts: each one a single transaction, and with an Idempotency-Key once however often it is sent."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Header, Request, Response
from sqlalchemy.orm import Session

from kintsugi.web.api.caller import Caller, caller_here
from kintsugi.web.api.problem import ProblemError, documented
from storage.database import Database
from storage.idempotency import Idempotency, keep_answer, take_key

if TYPE_CHECKING:
    from kintsugi.app import App

Work = Callable[["App", Session], Response]
KEPT = ("etag", "location")
REPLAYED = "Idempotency-Replayed"


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it was sent."""

    caller: Caller
    key: str | None
    digest: str
    if_match: str | None

    def once(self, app: App, work: Work) -> Response:
        """Does the work in one transaction and answers it, or what was answered to the same post before.

        `work` gets the installation as seen from inside that transaction. Raises ProblemError for a key that was used
        for something else; what `work` raises undoes everything.
        """
        with app.database.write() as session:
            known = self._take(session, app) if self.key is not None else None
            if known is not None:
                return self._replayed(known)
            answer = work(_inside(app, session), session)
            if self.key is not None:
                headers = {name: value for name, value in answer.headers.items() if name in KEPT}
                body = bytes(answer.body).decode()
                keep_answer(session, self.caller.token_id, self.key, answer.status_code, headers, body)
            return answer

    def _take(self, session: Session, app: App) -> Idempotency | None:
        assert self.key is not None
        return take_key(session, self.caller.token_id, self.key, self.digest, app.clock.now())

    def _replayed(self, known: Idempotency) -> Response:
        if known.digest != self.digest:
            raise ProblemError(422, "key_reused", "Idempotency-Key: it was used for another request; take a new one")
        if known.body is None:
            raise ProblemError(410, "answer_erased", "it was done; the answer held personal data and was erased")
        headers = {**known.headers, REPLAYED: "true"}
        return Response(known.body, known.status, headers, "application/json")


async def post_here(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(pattern=r"^[!-~]{1,200}$", description="The same key again: what was answered before, done once."),
    ] = None,
    if_match: Annotated[
        str | None, Header(description="The ETag of what you read: refused where it changed meanwhile.")
    ] = None,
) -> Post:
    """The post of this request."""
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(await request.body())
    return Post(caller_here(request), idempotency_key, digest.hexdigest(), if_match)


Posted = Annotated[Post, Depends(post_here)]


def posted(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a post can have."""
    return documented(404, 409, 410, 412, *statuses)


class _Joined(Database):
    """A database seen from inside one transaction: every further one is a part of it."""

    def __init__(self, whole: Database, session: Session) -> None:
        self.url = whole.url
        self._session = session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """The transaction itself."""
        yield self._session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """The transaction itself: it sees what it has written."""
        yield self._session


def _inside(app: App, session: Session) -> App:
    app.channels, app.playbooks  # noqa: B018  # opened once for all requests, before the copy
    inside = copy.copy(app)
    inside.database = _Joined(app.database, session)
    return inside
