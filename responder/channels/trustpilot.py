"""Trustpilot: the company's reply to a review, in the name of a business user. Replying again replaces it."""

from __future__ import annotations

from urllib.parse import quote

from responder.channels.account import Account, ChannelOptions
from responder.channels.calls import Calls
from responder.channels.channel import Address, Live, Outgoing, Published
from responder.channels.tokens import AccessToken, basic


class Options(ChannelOptions):
    """`user` is the id of the business user in whose name replies stand; the API's secret is a variable."""

    user: str
    key_env: str = "TRUSTPILOT_API_KEY"
    secret_env: str = "TRUSTPILOT_API_SECRET"  # noqa: S105 (the name of a variable)
    base_url: str | None = None


class Trustpilot:
    """The reviews of one business."""

    replaces = True

    def __init__(self, calls: Calls, user: str) -> None:
        self._calls, self._user = calls, user

    def look(self, reply: Outgoing) -> Live | None:
        """The company's reply as the review holds it."""
        found = self._calls.get(_review(reply)).get("companyReply")
        return Live(str(found.get("text") or ""), {"id": reply.mention}) if found else None

    def publish(self, reply: Outgoing) -> Published:
        """Creates the reply, or replaces it."""
        body = {"authorBusinessUserId": self._user, "message": reply.text}
        self._calls.send("POST", f"{_review(reply)}/reply", json=body)
        return Published({"id": reply.mention}, f"https://www.trustpilot.com/reviews/{reply.mention}")

    def delete(self, reply: Outgoing, address: Address) -> None:  # noqa: ARG002  # a review has one reply
        """Takes the reply away."""
        self._calls.send("DELETE", f"{_review(reply)}/reply")


def _review(reply: Outgoing) -> str:
    return f"/v1/private/reviews/{quote(reply.mention, safe='')}"


def open_channel(options: Options, account: Account) -> Trustpilot:
    """Raises Missing without the API's key and secret."""
    base = (options.base_url or "https://api.trustpilot.com").rstrip("/")
    signs = basic(account.secret(options.key_env), account.secret(options.secret_env))
    url = f"{base}/v1/oauth/oauth-business-users-for-applications/accesstoken"
    token = AccessToken("trustpilot", url, lambda: {"grant_type": "client_credentials"}, signs)
    return Trustpilot(Calls("trustpilot", base, token), options.user)
