"""Pages of long lists: a cursor says after which row the next page begins, so that new rows shift nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import Field, StringConstraints

from kintsugi.web.api.problem import ProblemError
from kintsugi.web.api.values import MOST, Sent

Item = TypeVar("Item")
Place = tuple[datetime | None, int]


class Paging(Sent):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, StringConstraints(max_length=200)] = Field(
        default=None, description="`next` of the page before; nothing for the first page."
    )

    @property
    def after(self) -> Place | None:
        """After which row the page begins. Raises ProblemError for what is no cursor."""
        return _place(self.cursor) if self.cursor is not None else None

    @property
    def after_id(self) -> int | None:
        """The same for lists that are ordered by number alone."""
        return self.after[1] if self.after is not None else None

    def cut(self, rows: Sequence[Item], place_of: Callable[[Item], Place]) -> tuple[list[Item], str | None]:
        """The page and the cursor of the next one, of one row more than the page holds."""
        page = list(rows[: self.limit])
        return page, _cursor(place_of(page[-1])) if len(rows) > self.limit else None


def _cursor(place: Place) -> str:
    at, number = place
    text = json.dumps([at.astimezone(UTC).isoformat() if at is not None else None, number], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(cursor: str) -> Place:
    try:
        at, number = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        moment = datetime.fromisoformat(at).astimezone(UTC) if at is not None else None
        if type(number) is not int or not 0 <= number <= MOST:
            raise ValueError("no number of a row")
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise ProblemError(400, "bad_cursor", "cursor: give `next` of the page before as it is") from None
    return moment, number
