"""What comes in from outside: links of forms, signed bodies, mentions (sent, imported), questions to the API."""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import io
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from crawlers.file import Reader
from crawlers.parsing.normal import normalise
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable
from crawlers.parsing.rows import Row, rows
from crawlers.webhook import Options, parse
from kintsugi.web.api.case_list import CaseQuery
from kintsugi.web.api.mention_list import MentionQuery
from kintsugi.web.api.problem import ProblemError
from kintsugi.web.queries.filters import filters_of
from kintsugi.web.signature import why_not_signed
from responder.outcome.feedback import FormLink, form_key, read_token, token_of
from storage.item import Item, Refused
from tests.drills.nonsense import changed, mutated

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRETS = ("whsec_" + base64.b64encode(b"a secret of this drill").decode(), "plain words")
MENTION: dict[str, Any] = {
    "id": "a1", "text": "部屋が汚くて最悪でした", "rating": 1, "author": "客 1",
    "posted_at": "2026-02-28T10:00:00+09:00", "title": "残念", "url": "https://example.jp/1",
    "language": "ja", "location": "浅草",
}  # fmt: skip
TABLE = (
    'id,text,rating,author,date\r\na1,"部屋が汚い, ""最悪""",1,客1,2026-02-28\r\n'
    "a2,快適でした,5,客2,2026-02-27T10:00\r\n"
)
LINES = json.dumps(MENTION, ensure_ascii=False) + "\n" + json.dumps({**MENTION, "id": "a2"}) + "\n"
ASKED: dict[str, Any] = {
    "text": "汚い 部屋", "sentiment": "negative", "severity": "major", "topic": "staff", "kind": "review",
    "rating": "1", "since": "2026-02-01", "until": "2026-02-28T10:00:00Z", "limit": "50",
    "cursor": "WyIyMDI2LTAzLTAxVDAwOjAwOjAwKzAwOjAwIiwxMl0",
}  # fmt: skip
CASES: dict[str, Any] = {
    "state": "open", "owner": "nobody", "severity": "critical", "due_before": "2026-03-01T12:00:00+09:00",
    "order": "due", "cursor": "W251bGwsMTJd", "limit": "200",
}  # fmt: skip


def fuzz_tokens(count: int, seed: int) -> Counter[str]:
    """No token that was changed is believed."""
    chance, key = random.Random(seed), form_key(b"a secret of this drill")
    token, came = "", Counter[str]()
    for number in range(count):
        if number % 1000 == 0:
            link = FormLink(chance.randrange(1, 2**40), chance.randrange(1, 2**16), datetime.fromtimestamp(number, UTC))
            token = token_of(link, key)
            assert read_token(token, key) == link
        changed_one = mutated(token, chance)
        if changed_one != token:
            assert read_token(changed_one, key) is None, changed_one
            came["refused"] += 1
    return came


def fuzz_signatures(count: int, seed: int) -> Counter[str]:
    """No body, and no header, that was changed after it was signed is taken."""
    chance, came = random.Random(seed), Counter[str]()
    body = json.dumps(MENTION).encode()
    for number in range(count):
        if number % 1000 == 0:
            secret = chance.choice(SECRETS)
            key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
            event, moment = f"event-{number}", str(int(NOON.timestamp()) + chance.randint(-299, 299))
            digest = hmac.new(key, f"{event}.{moment}.".encode() + body, hashlib.sha256).digest()
            right = {
                "webhook-id": event, "webhook-timestamp": moment,
                "webhook-signature": "v1," + base64.b64encode(digest).decode(),
            }  # fmt: skip
            assert why_not_signed(right, body, secret, NOON) is None
        given, said = dict(right), body
        name = chance.choice((*right, "body"))
        if name == "body":
            said = mutated(body.decode(), chance).encode("utf-8", "surrogatepass")
        else:
            given[name] = mutated(given[name], chance)
        # A list of signatures of which one is right is right; nothing else that differs is.
        same = said == body and all(given[one] == right[one] for one in ("webhook-id", "webhook-timestamp"))
        if same and right["webhook-signature"] in given["webhook-signature"].split(" "):
            came["still right"] += 1
            continue
        assert why_not_signed(given, said, secret, NOON), (given, said)
        came["refused"] += 1
    return came


def fuzz_bodies(count: int, seed: int) -> Counter[str]:
    """What other programs send: each entry becomes a mention that can be stored, or is refused with its reason."""
    chance, came = random.Random(seed), Counter[str]()
    shapes: tuple[Any, ...] = ({"mentions": [MENTION, {**MENTION, "id": "a2"}]}, [MENTION], MENTION)
    page = Page(options=Options())
    for number in range(count):
        body = json.dumps(changed(copy.deepcopy(shapes[number % 3]), chance))
        if number % 10 == 0:
            body = mutated(body, chance)
        try:
            came += _stored(parse(body.encode("utf-8", "surrogatepass"), page))
        except Unreadable:
            came["unreadable"] += 1
    return came


def fuzz_files(count: int, seed: int) -> Counter[str]:
    """CSV and JSON lines that are imported: the same, by the quick way and by the long one."""
    chance, came = random.Random(seed), Counter[str]()
    for number in range(count):
        form = ("csv", "jsonl")[number % 2]
        body = mutated(TABLE if form == "csv" else LINES, chance).encode("utf-8", "surrogatepass")
        reader = Reader({}, at=NOON)
        try:
            for row in rows(io.BytesIO(body), form):
                entry = row if isinstance(row, Refused) else reader.item(row)
                came[_fit(entry)] += 1
                if isinstance(row, Row) and isinstance(entry, Item):
                    raw = reader.raw(row)
                    assert isinstance(raw, Raw)
                    assert normalise(raw, NOON, UTC, strict=True) == entry, row
        except Unreadable:
            came["unreadable"] += 1
    return came


def fuzz_questions(count: int, seed: int) -> Counter[str]:
    """Filters, cursors and moments of the API and of addresses: understood, or refused as a mistake of the caller."""
    chance, came = random.Random(seed), Counter[str]()
    for number in range(count):
        model, given = ((MentionQuery, ASKED), (CaseQuery, CASES))[number % 2]
        asked = dict(given)
        for name in chance.sample(list(asked), chance.randint(1, 2)):
            # No address can hold half a character.
            asked[name] = mutated(str(asked[name]), chance).encode("utf-8", "replace").decode()
        try:
            query = model.model_validate(asked)
            assert query.after is None or query.after[1] >= 0
            came["read"] += 1
        except (ValidationError, ProblemError):
            came["refused"] += 1
        if number % 2 == 0:
            assert "\0" not in filters_of(asked).query
    return came


def _stored(entries: Iterator[Parsed]) -> Counter[str]:
    came = Counter[str]()
    for entry in entries:
        came[_fit(normalise(entry, NOON) if isinstance(entry, Raw) else entry)] += 1
    return came


def _fit(entry: object) -> str:
    """What it became. Fails where no database would take it."""
    if isinstance(entry, Refused):
        assert entry.reason
        return "refused"
    assert isinstance(entry, Item)
    assert entry.external_id
    assert len(entry.external_id) <= 500
    assert entry.rating is None or 1 <= entry.rating <= 5
    assert entry.posted_at is None or entry.posted_at.tzinfo is not None
    for said in (entry.text, entry.title, entry.author_name, entry.external_id):
        assert said is None or ("\0" not in said and said.encode() is not None)
    return "read"
