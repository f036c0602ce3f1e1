"""What Facebook and Instagram share: the Graph API's errors, which are numbered."""

from __future__ import annotations

from typing import Any

from responder.channels.channel import Permanent, Temporary

_BUSY = {1, 2, 4, 17, 32, 341, 368, 613, 80001, 80002}
_MISSING = 33  # subcode of error 100: the object does not exist, or must not be seen


def graph_meaning(name: str, status: int, found: Any) -> Temporary | Permanent | None:
    """Reads `error{code, error_subcode, message}`: 190 is a token that ended, 100/33 an object that is gone."""
    error = found.get("error") if isinstance(found, dict) else None
    if status < 400 or not isinstance(error, dict):
        return None
    code, said = error.get("code"), f"{name}: {str(error.get('message'))[:200]}"
    if code == 190:
        return Permanent("revoked", f"{said}; make a new token")
    if code in _BUSY and status < 500:
        return Temporary(said)
    if code == 100 and error.get("error_subcode") == _MISSING:
        return Permanent("gone", said)
    return Permanent("refused", said) if 400 <= status < 500 and status != 429 else None
