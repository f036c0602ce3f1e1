"""Google Business Profile, App Store Connect, Google Play, Trustpilot as their replies' APIs behave."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.responder.channels.server import Asked, FakeSite, Said


@cache
def private_key(kind: str) -> tuple[str, Any]:
    """(PEM, public key) of a new key: EC or RSA."""
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "EC" else rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return pem, key.public_key()


class GoogleBusiness(FakeSite):
    kind = "google_business"
    options = {"locations": {"accounts/1/locations/2": "Asakusa"}}
    secrets = {
        "GOOGLE_CLIENT_ID": "client",
        "GOOGLE_CLIENT_SECRET": "secret-good",
        "GOOGLE_REFRESH_TOKEN": "refresh-good",
    }

    def source(self) -> dict[str, Any]:
        return {**super().source(), "token_url": f"{self.url}/token"}

    def name(self, number: int) -> str:
        return f"locations/2/reviews/r{number}"

    def serve(self, asked: Asked) -> Said:
        name = asked.path.removeprefix("/v4/accounts/1/").removesuffix("/reply")
        if not self.mentions.get(name):
            return Said(404, {"error": {"code": 404, "message": "Requested entity was not found."}})
        if asked.method == "GET":
            review: dict[str, Any] = {"reviewId": name.rpartition("/")[2], "starRating": "ONE"}
            for text in self.replies[name].values():
                review["reviewReply"] = {"comment": text, "updateTime": "2026-03-02T01:00:00Z"}
            return Said(200, review)
        if asked.method == "DELETE":
            self.replies[name] = {}
            return Said(200, {})
        if len(asked.json["comment"].encode()) > 4096:
            return Said(400, {"error": {"code": 400, "message": "Request contains an invalid argument."}})
        self.replies[name] = {"reply": asked.json["comment"]}
        return Said(200, {"comment": asked.json["comment"]})


class AppStoreConnect(FakeSite):
    kind = "app_store_connect"
    options = {"app_id": 1, "key_id": "KEY1", "issuer_id": "issuer-1"}

    def __init__(self) -> None:
        super().__init__()
        self.secrets = {"APP_STORE_CONNECT_KEY": private_key("EC")[0].replace("\n", "\\n")}

    def known(self, asked: Asked) -> bool:
        try:
            claims = jwt.decode(asked.bearer, private_key("EC")[1], ["ES256"], audience="appstoreconnect-v1")
        except jwt.PyJWTError:
            return False
        good = jwt.get_unverified_header(asked.bearer)["kid"] == "KEY1" and claims["iss"] == "issuer-1"
        return good and claims["exp"] - claims["iat"] <= 1200 and not self.revoked

    def problem(self, why: str) -> Any:
        return {"errors": [{"status": "400", "code": "ERROR", "title": why, "detail": why}]}

    def serve(self, asked: Asked) -> Said:
        if asked.path == "/v1/customerReviewResponses":
            data = asked.json["data"]
            name, text = data["relationships"]["review"]["data"]["id"], data["attributes"]["responseBody"]
            if not self.mentions.get(name):
                return Said(404, self.problem("There is no resource of type 'customerReviews' with this id"))
            if len(text) > 5970:
                return Said(409, self.problem("The attribute value is too long"))
            self.replies[name] = {f"response-{name}": text}
            return Said(201, self._response(name))
        if asked.method == "DELETE":
            name = self.of_reply(asked.path.rpartition("/")[2])
            if name is None:
                return Said(404, self.problem("no such response"))
            self.replies[name] = {}
            return Said(204)
        name = asked.path.removeprefix("/v1/customerReviews/").removesuffix("/response")
        if not self.mentions.get(name):
            return Said(404, self.problem("no such review"))
        if not asked.path.endswith("/response"):
            return Said(200, {"data": {"type": "customerReviews", "id": name, "attributes": {"rating": 1}}})
        return Said(200, self._response(name)) if self.replies[name] else Said(404, self.problem("no response"))

    def _response(self, name: str) -> Any:
        [(identity, text)] = self.replies[name].items()
        attributes = {"responseBody": text, "state": "PENDING_PUBLISH", "lastModifiedDate": "2026-03-02T01:00:00Z"}
        return {"data": {"type": "customerReviewResponses", "id": identity, "attributes": attributes}}


class GooglePlay(FakeSite):
    kind = "google_play_console"
    options = {"package": "com.example.sakura"}
    deletes = False

    def __init__(self) -> None:
        super().__init__()
        account = {"client_email": "bot@example.iam", "private_key": private_key("RSA")[0]}
        self.secrets = {"GOOGLE_PLAY_KEY": json.dumps(account)}

    def source(self) -> dict[str, Any]:
        return {**super().source(), "token_url": f"{self.url}/token"}

    def granted(self, asked: Asked) -> bool:
        claims = jwt.decode(asked.form["assertion"], private_key("RSA")[1], ["RS256"], audience=f"{self.url}/token")
        return claims["iss"] == "bot@example.iam" and claims["scope"].endswith("/androidpublisher")

    def serve(self, asked: Asked) -> Said:
        base = "/androidpublisher/v3/applications/com.example.sakura/reviews/"
        name = asked.path.removeprefix(base).removesuffix(":reply")
        if not self.mentions.get(name):
            return Said(404, {"error": {"code": 404, "message": "The review was not found."}})
        if asked.method == "GET":
            comments: list[Any] = [{"userComment": {"text": "\t遅い", "starRating": 1}}]
            comments += [{"developerComment": {"text": text}} for text in self.replies[name].values()]
            return Said(200, {"reviewId": name, "comments": comments})
        text = asked.json["replyText"]
        if len(text) > 350:
            return Said(400, {"error": {"code": 400, "message": "The reply text is too long."}})
        self.replies[name] = {"reply": text}
        return Said(200, {"result": {"replyText": text, "lastEdited": {"seconds": "1772413200"}}})


class Trustpilot(FakeSite):
    kind = "trustpilot"
    options = {"business_unit": "unit-1"}
    reply = {"user": "user-1"}
    secrets = {"TRUSTPILOT_API_KEY": "api-key", "TRUSTPILOT_API_SECRET": "secret-good"}

    def granted(self, asked: Asked) -> bool:
        signs = base64.b64encode(b"api-key:secret-good").decode()
        good = asked.headers.get("authorization") == f"Basic {signs}"
        return good and asked.form["grant_type"] == "client_credentials"

    def problem(self, why: str) -> Any:
        return {"message": why, "errorCode": 1}

    def serve(self, asked: Asked) -> Said:
        name = asked.path.removeprefix("/v1/private/reviews/").removesuffix("/reply")
        if not self.mentions.get(name):
            return Said(404, self.problem("Review not found"))
        if asked.method == "GET":
            replies = list(self.replies[name].values())
            return Said(200, {"id": name, "companyReply": {"text": replies[0]} if replies else None})
        if asked.method == "DELETE":
            self.replies[name] = {}
            return Said(204)
        if asked.json["authorBusinessUserId"] != "user-1" or not asked.json["message"]:
            return Said(400, self.problem("authorBusinessUserId is not valid"))
        self.replies[name] = {"reply": asked.json["message"]}
        return Said(201, {"message": asked.json["message"]})
