"""Mastodon, Bluesky, Reddit, YouTube, X, Facebook and Instagram as their replies' APIs behave."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import re
from typing import Any
from urllib.parse import quote, unquote

from responder.drafting.lengths import measure
from tests.responder.channels.server import Asked, FakeSite, Said


class Mastodon(FakeSite):
    kind = "mastodon"
    options = {"tags": ["x"]}
    secrets = {"MASTODON_TOKEN": "token-good"}
    replaces = False

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, str] = {}

    def name(self, number: int) -> str:
        return f"https://far.example/users/tanaka/statuses/{number}"

    def known(self, asked: Asked) -> bool:
        return asked.bearer == "token-good" and not self.revoked

    def problem(self, why: str) -> Any:
        return {"error": why}

    def serve(self, asked: Asked) -> Said:
        if asked.path == "/api/v1/accounts/verify_credentials":
            return Said(200, {"id": "77", "acct": "sakura"})
        if asked.path == "/api/v2/search":
            name = asked.query["q"]
            return Said(200, {"statuses": [self._post(name)] if self.mentions.get(name) else []})
        if asked.path == "/api/v1/statuses":
            return self._posted(asked)
        identity = asked.path.split("/")[4]
        if asked.path.endswith("/context"):
            return Said(200, {"ancestors": [], "descendants": self._answers(identity)})
        name = self.of_reply(identity) or ""
        if not name:
            return Said(404, self.problem("Record not found"))
        if asked.method == "DELETE":
            del self.replies[name][identity]
            return Said(200, {"id": identity})
        refused = self._checked(asked.json["status"])
        if refused is None:
            self.replies[name][identity] = asked.json["status"].partition(" ")[2]
        return refused or Said(200, self._answer(name, identity))

    def _posted(self, asked: Asked) -> Said:
        name = next((one for one in self.mentions if self._id(one) == asked.json["in_reply_to_id"]), "")
        if not self.mentions.get(name):
            return Said(404, self.problem("The post you are trying to reply to does not appear to exist."))
        refused = self._checked(asked.json["status"])
        if refused is not None:
            return refused
        key = asked.headers["idempotency-key"]
        if key not in self.keys:
            self.keys[key] = self.add_reply(name, asked.json["status"].removeprefix("@tanaka@far.example "))
        return Said(200, self._answer(name, self.keys[key]))

    def _checked(self, status: str) -> Said | None:
        if not status.startswith("@tanaka@far.example "):
            return Said(422, self.problem("nobody would see it"))
        if measure(status.replace("@tanaka@far.example", "@tanaka"), "linked") > 500:
            return Said(422, self.problem("Validation failed: Text character limit of 500 exceeded"))
        return None

    def _id(self, name: str) -> str:
        return f"9{name.rpartition('/')[2]}"

    def _post(self, name: str) -> Any:
        author = {"id": "5", "acct": "tanaka@far.example"}
        return {"id": self._id(name), "uri": name, "visibility": "public", "account": author}

    def _answers(self, identity: str) -> list[Any]:
        other = {"id": "1", "in_reply_to_id": identity, "account": {"id": "6"}, "content": "<p>同感</p>"}
        name = next(one for one in self.mentions if self._id(one) == identity)
        return [other, *(self._answer(name, one) for one in self.replies[name])]

    def _answer(self, name: str, identity: str) -> Any:
        text = html.escape(self.replies[name][identity]).replace("\n", "<br />")
        content = (
            f'<p><span class="h-card"><a href="https://far.example/@tanaka">@<span>tanaka</span></a></span> {text}</p>'
        )
        return {
            "id": identity,
            "in_reply_to_id": self._id(name),
            "account": {"id": "77"},
            "content": content,
            "url": f"{self.url}/@sakura/{identity}",
        }


class Bluesky(FakeSite):
    kind = "bluesky"
    options = {"query": "x"}
    secrets = {"BLUESKY_HANDLE": "sakura.example", "BLUESKY_APP_PASSWORD": "pass-good"}
    edits = replaces = False
    late = False  # threads show nothing of what was just written

    def name(self, number: int) -> str:
        return f"at://did:plc:tanaka/app.bsky.feed.post/3k{number}"

    def writes(self, asked: Asked) -> bool:
        return asked.path.endswith(("createRecord", "deleteRecord"))

    def problem(self, why: str) -> Any:
        return {"error": "InvalidRequest", "message": why}

    def stranger(self) -> Said:
        return Said(400, {"error": "ExpiredToken", "message": "Token has expired"})

    def sign_in(self, asked: Asked) -> Said | None:
        if not asked.path.endswith("createSession"):
            return None
        if self.revoked or asked.json["password"] != "pass-good":
            return Said(401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"})
        self._number += 1
        self.issued.add(f"jwt-{self._number}")
        return Said(200, {"accessJwt": f"jwt-{self._number}", "did": "did:plc:sakura"})

    def serve(self, asked: Asked) -> Said:
        method = asked.path.rpartition(".")[2]
        if method == "getPosts":
            name = asked.query["uris"]
            return Said(200, {"posts": [self._post(name)] if self.mentions.get(name) else []})
        if method == "getPostThread":
            name = asked.query["uri"]
            if not self.mentions.get(name):
                return Said(400, {"error": "NotFound", "message": "Post not found"})
            replies = (
                [] if self.late else [{"post": self._answer(one, text)} for one, text in self.replies[name].items()]
            )
            return Said(200, {"thread": {"post": self._post(name), "replies": replies}})
        if method == "getRecord":
            uri = f"at://{asked.query['repo']}/{asked.query['collection']}/{asked.query['rkey']}"
            name = self.of_reply(uri) or ""
            if not name:
                return Said(400, {"error": "RecordNotFound", "message": "Could not locate record"})
            return Said(200, {"uri": uri, "value": {"text": self.replies[name][uri]}})
        uri = f"at://{asked.json['repo']}/{asked.json['collection']}/{asked.json['rkey']}"
        if method == "deleteRecord":
            self.replies[self.of_reply(uri) or ""].pop(uri, None)
            return Said(200, {})
        record = asked.json["record"]
        name = record["reply"]["parent"]["uri"]
        if measure(record["text"], "graphemes") > 300 or not re.fullmatch(r"[2-7a-j][2-7a-z]{12}", asked.json["rkey"]):
            return Said(400, self.problem("Invalid app.bsky.feed.post record"))
        if self.of_reply(uri):
            return Said(500, self.problem("record exists"))
        self.replies[name][uri] = record["text"]
        return Said(200, {"uri": uri, "cid": "cid"})

    def _post(self, name: str) -> Any:
        return {"uri": name, "cid": "cid-1", "author": {"did": "did:plc:tanaka"}, "record": {"text": "寒い"}}

    def _answer(self, uri: str, text: str) -> Any:
        return {"uri": uri, "cid": "cid-2", "author": {"did": "did:plc:sakura"}, "record": {"text": text}}


class Reddit(FakeSite):
    kind = "reddit"
    options = {"query": "x"}
    secrets = {"REDDIT_CLIENT_ID": "app", "REDDIT_CLIENT_SECRET": "secret-good", "REDDIT_REFRESH_TOKEN": "refresh-good"}
    replaces = False

    def name(self, number: int) -> str:
        return f"t1_m{number}"

    def granted(self, asked: Asked) -> bool:
        signs = base64.b64encode(b"app:secret-good").decode()
        return asked.headers["authorization"] == f"Basic {signs}" and asked.form["refresh_token"] == "refresh-good"

    def known(self, asked: Asked) -> bool:
        return super().known(asked) and "kintsugi" in asked.headers["user-agent"]

    def serve(self, asked: Asked) -> Said:
        if asked.path == "/api/v1/me":
            return Said(200, {"name": "sakura"})
        if asked.path == "/api/info":
            name = asked.query["id"]
            if name not in self.mentions:
                return Said(200, self._listing([]))
            body = "寒い" if self.mentions[name] else "[deleted]"
            return Said(200, self._listing([{"name": name, "body": body, "author": "tanaka"}]))
        if asked.path == "/user/sakura/comments":
            ours = [self._comment(name, one) for name, known in self.replies.items() for one in known]
            ours.sort(key=lambda told: int(told["name"].removeprefix("t1_")), reverse=True)
            start = int(asked.query.get("after", "0"))
            listing = self._listing(ours[start : start + 100])
            listing["data"]["after"] = str(start + 100) if len(ours) > start + 100 else None
            return Said(200, listing)
        form = asked.form
        if asked.path == "/api/del":
            identity = form["id"].removeprefix("t1_")
            self.replies[self.of_reply(identity) or ""].pop(identity)
            return Said(200, {})
        if len(form["text"]) > 10_000:
            return self._errors("TOO_LONG", "this is too long (max: 10000)")
        if asked.path == "/api/editusertext":
            identity = form["thing_id"].removeprefix("t1_")
            name = self.of_reply(identity) or ""
            self.replies[name][identity] = form["text"]
        elif not self.mentions.get(form["thing_id"]):
            return self._errors("DELETED_COMMENT", "that comment has been deleted")
        else:
            name = form["thing_id"]
            identity = self.add_reply(name, form["text"])
        return Said(200, {"json": {"errors": [], "data": {"things": [{"data": self._comment(name, identity)}]}}})

    def _errors(self, name: str, why: str) -> Said:
        return Said(200, {"json": {"errors": [[name, why, "text"]]}})

    def _comment(self, name: str, identity: str) -> Any:
        return {
            "name": f"t1_{identity}",
            "parent_id": name,
            "body": self.replies[name][identity],
            "permalink": "/r/x/1/",
        }

    def _listing(self, things: list[Any]) -> Any:
        return {"data": {"children": [{"kind": "t1", "data": one} for one in things]}}


class YouTube(FakeSite):
    kind = "youtube"
    options = {"videos": ["v"]}
    secrets = {
        "GOOGLE_CLIENT_ID": "client",
        "GOOGLE_CLIENT_SECRET": "secret-good",
        "YOUTUBE_REFRESH_TOKEN": "refresh-good",
    }
    replaces = False

    def source(self) -> dict[str, Any]:
        return {**super().source(), "reply": {"token_url": f"{self.url}/token"}}

    def serve(self, asked: Asked) -> Said:
        if asked.path == "/youtube/v3/channels":
            return Said(200, {"items": [{"id": "UCsakura"}]})
        if asked.method == "GET" and "parentId" in asked.query:
            name = asked.query["parentId"]
            ours = [self._comment(one, text, "UCsakura") for one, text in self.replies[name].items()]
            return Said(200, {"items": [self._comment("1", "同感", "UCother"), *ours]})
        if asked.method == "GET":
            name = asked.query["id"]
            return Said(200, {"items": [{"id": name}] if self.mentions.get(name) else []})
        if asked.method == "DELETE":
            self.replies[self.of_reply(asked.query["id"]) or ""].pop(asked.query["id"])
            return Said(204)
        told = asked.json["snippet"]
        if len(told["textOriginal"]) > 10_000:
            return self._refused(400, "commentTextTooLong")
        if asked.method == "PUT":
            identity = asked.json["id"]
            self.replies[self.of_reply(identity) or ""][identity] = told["textOriginal"]
        elif not self.mentions.get(told["parentId"]):
            return self._refused(404, "parentCommentNotFound")
        else:
            identity = self.add_reply(told["parentId"], told["textOriginal"])
        return Said(200, self._comment(identity, told["textOriginal"], "UCsakura"))

    def _refused(self, status: int, reason: str) -> Said:
        return Said(status, {"error": {"errors": [{"reason": reason}], "code": status, "message": reason}})

    def _comment(self, identity: str, text: str, author: str) -> Any:
        told = {"textOriginal": text, "textDisplay": text, "authorChannelId": {"value": author}}
        return {"id": identity, "snippet": {**told, "publishedAt": f"2026-03-02T01:00:{len(identity):02}Z"}}


class X(FakeSite):
    kind = "x"
    options = {"query": "x"}
    secrets = {
        "X_API_KEY": "consumer",
        "X_API_SECRET": "consumer-secret",
        "X_ACCESS_TOKEN": "99-token",
        "X_ACCESS_SECRET": "token-secret",
    }
    edits = replaces = False

    def name(self, number: int) -> str:
        return f"17000000{number}"

    def known(self, asked: Asked) -> bool:
        """The signature, worked out from the header as RFC 5849 says."""
        told = dict(re.findall(r'(\w+)="([^"]*)"', asked.headers.get("authorization", "")))
        given = {name: unquote(value) for name, value in told.items()}
        signature = given.pop("oauth_signature", "")
        pairs = sorted((quote(k, safe=""), quote(v, safe="")) for k, v in {**given, **asked.query}.items())
        line = "&".join(f"{name}={value}" for name, value in pairs)
        base = "&".join(quote(part, safe="") for part in (asked.method, self.url + asked.path, line))
        mac = hmac.new(b"consumer-secret&token-secret", base.encode(), hashlib.sha1).digest()
        return base64.b64encode(mac).decode() == signature and not self.revoked

    def problem(self, why: str) -> Any:
        return {"title": "Unauthorized", "detail": why, "status": 401}

    def serve(self, asked: Asked) -> Said:
        if asked.path == "/2/users/me":
            return Said(200, {"data": {"id": "99", "username": "sakura"}})
        if asked.path == "/2/users/99/tweets":
            ours = [(int(one), name, text) for name, known in self.replies.items() for one, text in known.items()]
            start = int(asked.query.get("pagination_token", "0"))
            meta = {"next_token": str(start + 100)} if len(ours) > start + 100 else {}
            page = sorted(ours, reverse=True)[start : start + 100]
            return Said(200, {"data": [self._post(*one) for one in page], "meta": meta})
        identity = asked.path.rpartition("/")[2]
        if asked.method == "DELETE":
            self.replies[self.of_reply(identity) or ""].pop(identity)
            return Said(200, {"data": {"deleted": True}})
        if asked.method == "GET":
            if not self.mentions.get(identity):
                return Said(200, {"errors": [{"title": "Not Found Error", "detail": "Could not find tweet"}]})
            return Said(200, {"data": {"id": identity, "text": "寒い"}})
        name, text = asked.json["reply"]["in_reply_to_tweet_id"], asked.json["text"]
        if measure(text, "weighted") > 280:
            return Said(403, {"detail": "Your Tweet text is too long.", "status": 403})
        if not self.mentions.get(name):
            return Said(403, {"detail": "You attempted to reply to a Tweet that is deleted or not visible to you."})
        return Said(201, {"data": {"id": self.add_reply(name, text), "text": text}})

    def _post(self, identity: int, name: str, text: str) -> Any:
        shown = re.sub(r"https?://\S+", "https://t.co/abc", text).replace("&", "&amp;")
        told = [{"type": "replied_to", "id": name}]
        return {"id": str(identity), "text": f"@tanaka {shown}", "referenced_tweets": told}


class Facebook(FakeSite):
    kind = "facebook_page"
    options = {"page_id": "42"}
    secrets = {"FACEBOOK_PAGE_TOKEN": "token-good"}
    replaces = False
    others = 1  # comments of other people below each mention

    def known(self, asked: Asked) -> bool:
        return asked.bearer == "token-good" and not self.revoked

    def stranger(self) -> Said:
        return self._refused("Error validating access token: Session has expired", 190)

    def serve(self, asked: Asked) -> Said:
        name = asked.path.split("/")[2]
        if asked.path.endswith("/comments"):
            if not self.mentions.get(name):
                return self._refused("Unsupported request. Object does not exist", 100, 33)
            if asked.method == "GET":
                others = [{"id": f"o{one}", "message": "同感", "from": {"id": "8"}} for one in range(self.others)]
                ours = [{"id": one, "message": text, "from": {"id": "42"}} for one, text in self.replies[name].items()]
                shown = [*others, *ours][:: -1 if asked.query["order"] == "reverse_chronological" else 1]
                return Said(200, {"data": shown[: int(asked.query["limit"])]})
            if len(asked.form["message"]) > 8000:
                return self._refused("Message is too long", 100)
            return Said(200, {"id": self.add_reply(name, asked.form["message"])})
        known = self.replies[self.of_reply(name) or ""]
        if asked.method == "DELETE":
            del known[name]
        else:
            known[name] = asked.form["message"]
        return Said(200, {"success": True})

    def _refused(self, why: str, code: int, subcode: int | None = None) -> Said:
        return Said(400, {"error": {"message": why, "type": "OAuthException", "code": code, "error_subcode": subcode}})


class Instagram(Facebook):
    kind = "instagram"
    options = {"user_id": "17", "username": "sakura"}
    secrets = {"INSTAGRAM_TOKEN": "token-good"}
    edits = replaces = False
    tagged = False  # the mentions are media of others whose captions name the account

    def serve(self, asked: Asked) -> Said:
        name = asked.path.split("/")[2]
        if asked.method == "DELETE":
            del self.replies[self.of_reply(name) or ""][name]
            return Said(200, {"success": True})
        if asked.method == "GET" and name == "17":
            name, after = re.findall(r"media_id\(([^)]+)\)(?:.*after\((\d+)\))?", asked.query["fields"])[0]
            if not self.tagged or not self.mentions.get(name):
                return self._refused("Invalid parameter", 100)
            return Said(200, {"mentioned_media": {"id": name, "comments": self._below(name, after)}})
        if asked.method == "GET":
            if self.tagged or not self.mentions.get(name):
                return self._refused("Unsupported get request. Object does not exist", 100, 33)
            if asked.path.endswith("/replies"):
                return Said(200, self._below(name, asked.query["after"]))
            return Said(200, {"id": name, "text": "寒い", "replies": self._below(name)})
        if asked.path.endswith("/mentions"):
            name = asked.form["media_id"]
        if not self.mentions.get(name) or self.tagged != asked.path.endswith("/mentions"):
            return self._refused("Unsupported post request. Object does not exist", 100, 33)
        if len(asked.form["message"]) > 2200:
            return self._refused("The comment is too long", 100)
        return Said(200, {"id": self.add_reply(name, asked.form["message"])})

    def _below(self, name: str, after: str = "") -> Any:
        """Fifty of what stands below it, from a cursor on."""
        others = [
            {"id": f"o{one}", "text": "同感", "username": "tanaka", "timestamp": "2026-03-01"}
            for one in range(self.others)
        ]
        ours = [
            {"id": one, "text": text, "username": "sakura", "timestamp": f"2026-03-02T01:00:{number:02}+0000"}
            for number, (one, text) in enumerate(self.replies[name].items())
        ]
        shown, start = [*others, *ours], int(after or 0)
        paging: Any = {"cursors": {"after": str(start + 50)}}
        if start + 50 < len(shown):
            paging["next"] = "https://graph.facebook.com/next?access_token=…"
        return {"data": shown[start : start + 50], "paging": paging}
