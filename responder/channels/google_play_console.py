"""Google Play: the developer's reply to a review of one's own app. Replying again replaces; there is no deletion."""

from __future__ import annotations

from urllib.parse import quote

from responder.channels.account import Account, ChannelOptions, Missing
from responder.channels.calls import Calls
from responder.channels.channel import Live, Outgoing, Published
from responder.channels.tokens import service_account

_SCOPE = "https://www.googleapis.com/auth/androidpublisher"


class Options(ChannelOptions):
    """As for reading; the service account needs the right to reply to reviews."""

    package: str
    key_env: str = "GOOGLE_PLAY_KEY"
    base_url: str = "https://androidpublisher.googleapis.com"
    token_url: str = "https://oauth2.googleapis.com/token"  # noqa: S105 (an address)


class GooglePlayConsole:
    """The reviews of one app."""

    replaces = True

    def __init__(self, calls: Calls, package: str) -> None:
        self._calls = calls
        self._base = f"/androidpublisher/v3/applications/{quote(package, safe='')}/reviews"

    def look(self, reply: Outgoing) -> Live | None:
        """The developer's comment beside the user's."""
        found = self._calls.get(f"{self._base}/{quote(reply.mention, safe='')}")
        for comment in found.get("comments", []):
            if "developerComment" in comment:
                return Live(str(comment["developerComment"].get("text") or ""), {"id": reply.mention})
        return None

    def publish(self, reply: Outgoing) -> Published:
        """Creates the reply, or replaces it."""
        path = f"{self._base}/{quote(reply.mention, safe='')}:reply"
        self._calls.send("POST", path, json={"replyText": reply.text})
        return Published({"id": reply.mention})


def open_channel(options: Options, account: Account) -> GooglePlayConsole:
    """Raises Missing without a usable key of a service account."""
    try:
        token = service_account("google_play_console", account.secret(options.key_env), _SCOPE, options.token_url)
    except ValueError as error:
        raise Missing(f"{options.key_env}: {error}") from None
    return GooglePlayConsole(Calls("google_play_console", options.base_url, token), options.package)
