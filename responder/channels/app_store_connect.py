"""App Store Connect: the developer's response to a review of one's own app. POST creates or replaces it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from responder.channels.account import Account, ChannelOptions
from responder.channels.calls import Calls
from responder.channels.channel import Address, Failed, Live, Outgoing, Permanent, Published
from responder.channels.tokens import bearer, signed

_AUDIENCE, _VALID = "appstoreconnect-v1", timedelta(minutes=15)  # Apple allows 20.


class Options(ChannelOptions):
    """As for reading; the key needs the role Customer Support or a higher one."""

    key_id: str
    issuer_id: str
    key_env: str = "APP_STORE_CONNECT_KEY"
    base_url: str = "https://api.appstoreconnect.apple.com"


class AppStoreConnect:
    """The reviews of one's own apps. A response is PENDING_PUBLISH for a while before customers see it."""

    replaces = True

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def look(self, reply: Outgoing) -> Live | None:
        """The response; a review that is there and has none answers 404 as well, so then the review is asked for."""
        review = f"/v1/customerReviews/{quote(reply.mention, safe='')}"
        try:
            found = self._calls.get(f"{review}/response").get("data")
        except Failed as failed:
            if not isinstance(failed.result, Permanent) or failed.result.reason != "gone":
                raise
            self._calls.get(review)
            return None
        return Live(str(found["attributes"].get("responseBody") or ""), {"id": found["id"]}) if found else None

    def publish(self, reply: Outgoing) -> Published:
        """Creates the response, or overwrites it."""
        data = {
            "type": "customerReviewResponses",
            "attributes": {"responseBody": reply.text},
            "relationships": {"review": {"data": {"type": "customerReviews", "id": reply.mention}}},
        }
        made = self._calls.send("POST", "/v1/customerReviewResponses", json={"data": data})
        return Published({"id": made["data"]["id"]})

    def delete(self, reply: Outgoing, address: Address) -> None:  # noqa: ARG002  # the response has an id
        """Takes the response away."""
        self._calls.send("DELETE", f"/v1/customerReviewResponses/{quote(str(address['id']), safe='')}")


def open_channel(options: Options, account: Account) -> AppStoreConnect:
    """Raises Missing without the key."""
    key = account.secret(options.key_env)

    def token(_refused: bool) -> dict[str, str]:
        now = datetime.now(UTC)
        claims = {"iss": options.issuer_id, "iat": now, "exp": now + _VALID, "aud": _AUDIENCE}
        return bearer(signed("app_store_connect", claims, key, "ES256", options.key_id))

    return AppStoreConnect(Calls("app_store_connect", options.base_url, token))
