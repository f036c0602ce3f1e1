"""Why a delivery failed, as one of few words: an error's text is for people, and has too many values for a label."""

from __future__ import annotations

import re

# In this order: the first that fits names it. The texts are those of alerts/receivers and responder/channels.
_REASONS = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("no_receiver", r"no receiver|has no channel|no mail channel"),
        ("waits", r"waits for the message"),
        ("slowed_down", r"slow down|\b429\b|ratelimited|quota"),
        ("credentials", r"missing_scope|login|token|revoked|sign in|invalid_auth|account_inactive|\b401\b"),
        ("place_missing", r"channel_not_found|not_in_channel|is_archived"),
        ("unreachable", r"no answer|did not answer|cannot be reached|not take the mail|ConnectionError|Timeout"),
        ("process_ended", r"process ended"),
        ("gone", r"^gone\b|deleted|no longer there|was removed"),
        ("trouble", r"trouble|\b5\d\d\b"),
        ("refused", r"refused|correct the address|\b4\d\d\b"),
    )
)
REASONS = (*(name for name, _ in _REASONS), "other")


def reason_of(error: str) -> str:
    """One of REASONS."""
    return next((name for name, pattern in _REASONS if pattern.search(error)), "other")
