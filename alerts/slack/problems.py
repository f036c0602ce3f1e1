"""What an error of Slack means: try again, or never, and what a person has to do."""

from __future__ import annotations

from datetime import timedelta

from slack_sdk.errors import SlackApiError

from alerts.receivers.receiver import Permanent, Temporary

# Slack's own trouble: nothing is wrong with the message.
_PASSING = frozenset(
    (
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "ekm_access_denied",
    )
)
_LIMITED = frozenset(("ratelimited", "rate_limited", "message_limit_exceeded"))
# The channel cannot take it; another receiver can.
_ELSEWHERE = frozenset(("is_archived", "channel_not_found", "not_in_channel", "restricted_action", "message_not_found"))
_WHAT_TO_DO = {
    "not_in_channel": "invite the app: write `/invite @Kintsugi` in {channel}",
    "channel_not_found": "the app sees no channel {channel}: correct its name in kintsugi.yaml, or invite the app",
    "is_archived": "{channel} is archived: unarchive it, or name another channel in kintsugi.yaml",
    "restricted_action": "the workspace does not let apps write in {channel}: ask its administrators",
    "invalid_auth": "SLACK_BOT_TOKEN is not accepted: copy it again from the app's page (OAuth & Permissions)",
    "not_authed": "SLACK_BOT_TOKEN is empty: copy it from the app's page (OAuth & Permissions)",
    "token_revoked": "SLACK_BOT_TOKEN was revoked: install the app again and copy the new token",
    "token_expired": "SLACK_BOT_TOKEN has expired: install the app again and copy the new token",
    "account_inactive": "the app was removed from the workspace: install it again and copy the new token",
    "message_not_found": "somebody deleted the message in {channel}",
    "cant_update_message": "the message in {channel} belongs to another app",
    "msg_too_long": "the message is longer than Slack takes: please report this as a bug",
    "invalid_blocks": "Slack refuses the layout of the message: please report this as a bug",
    "user_not_found": "there is no such Slack user: correct people in kintsugi.yaml",
}


def explained(error: SlackApiError, channel: str) -> Temporary | Permanent:
    """The result of a refused call, with what to do in one line."""
    answer = error.response
    # An answer that is no JSON comes as a plain mapping.
    status = int(getattr(answer, "status_code", None) or answer.get("status") or 200)
    code = str(answer.get("error") or f"HTTP {status}")
    if status == 429 or code in _LIMITED:
        return Temporary(f"Slack asks to slow down ({code})", _retry_after(answer))
    if status >= 500 or code in _PASSING:
        return Temporary(f"Slack has trouble ({code})", unclear=True)
    if code == "missing_scope":
        needed = answer.get("needed", "?")
        return Permanent(f"Slack: missing_scope: add the scope {needed} to the app and install it again")
    what = _WHAT_TO_DO.get(code, "see https://api.slack.com/methods/chat.postMessage#errors")
    details = "; ".join((answer.get("response_metadata") or {}).get("messages", [])[:2])
    text = f"Slack: {code}: {what.format(channel=channel)}" + (f" ({details})" if details else "")
    return Permanent(text, elsewhere=code in _ELSEWHERE)


def _retry_after(answer: object) -> timedelta:
    headers = getattr(answer, "headers", {}) or {}
    value = headers.get("Retry-After") or headers.get("retry-after") or "1"
    if isinstance(value, list):
        value = value[0]
    try:
        return timedelta(seconds=max(1, int(value)))
    except ValueError:
        return timedelta(seconds=30)
