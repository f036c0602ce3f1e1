"""Google Business Profile: the owner's reply to a review of one's own location. PUT creates or replaces it."""

from __future__ import annotations

from responder.channels.account import Account, ChannelOptions
from responder.channels.calls import Calls
from responder.channels.channel import Address, Failed, Live, Outgoing, Permanent, Published
from responder.channels.tokens import AccessToken, refreshed


class Options(ChannelOptions):
    """As for reading; the project needs the scope business.manage, which writes as well."""

    locations: dict[str, str]
    client_id_env: str = "GOOGLE_CLIENT_ID"
    client_secret_env: str = "GOOGLE_CLIENT_SECRET"  # noqa: S105 (the name of a variable)
    refresh_token_env: str = "GOOGLE_REFRESH_TOKEN"  # noqa: S105 (the name of a variable)
    base_url: str = "https://mybusiness.googleapis.com"
    token_url: str = "https://oauth2.googleapis.com/token"  # noqa: S105 (an address)


class GoogleBusiness:
    """The locations of one account."""

    replaces = True

    def __init__(self, calls: Calls, locations: list[str]) -> None:
        self._calls, self._locations = calls, locations

    def look(self, reply: Outgoing) -> Live | None:
        """The owner's reply as the review holds it."""
        found = self._calls.get(f"/v4/{self._review(reply)}").get("reviewReply")
        return Live(str(found.get("comment") or ""), {"id": reply.mention}) if found else None

    def publish(self, reply: Outgoing) -> Published:
        """Creates the reply, or replaces it."""
        self._calls.send("PUT", f"/v4/{self._review(reply)}/reply", json={"comment": reply.text})
        return Published({"id": reply.mention})

    def delete(self, reply: Outgoing, address: Address) -> None:  # noqa: ARG002  # a review has one reply
        """Takes the reply away."""
        self._calls.send("DELETE", f"/v4/{self._review(reply)}/reply")

    def _review(self, reply: Outgoing) -> str:
        """The review's resource: its id is kept without the account, which may be written as `-`."""
        location, _, review = reply.mention.partition("/reviews/")
        for resource in self._locations:
            if review and resource.strip("/").endswith(location):
                return f"{resource.strip('/')}/reviews/{review}"
        raise Failed(Permanent("refused", f"no location of this source holds the review {reply.mention[:80]}"))


def open_channel(options: Options, account: Account) -> GoogleBusiness:
    """Raises Missing without the secrets of OAuth."""
    client, secret = account.secret(options.client_id_env), account.secret(options.client_secret_env)
    refresh = account.secret(options.refresh_token_env)
    token = AccessToken("google_business", options.token_url, lambda: refreshed(client, secret, refresh))
    return GoogleBusiness(Calls("google_business", options.base_url, token), list(options.locations))
