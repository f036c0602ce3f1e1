"""What the desk refuses becomes a problem with the desk's own reason."""

from __future__ import annotations

from kintsugi.web.api.problem import ProblemError
from responder.cases.refused import Refused


def done_or_refused(result: object) -> None:
    """Raises ProblemError for a refusal: 404 for what is not there, 409 for what cannot be as things are."""
    if isinstance(result, Refused):
        raise ProblemError(404 if result.reason == "unknown" else 409, result.reason, result.why)
