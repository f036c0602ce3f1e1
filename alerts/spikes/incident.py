"""What is known of an incident: what its mentions share, which show it best, whether machines wrote them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.spikes.counting import Counted
from storage.author import Author
from storage.mention import Mention, Revision

COMMON = 0.8  # of the mentions: then all of the incident is about it
SHOWN = 3
MOST_READ = 300  # mentions whose text is compared
SAME_TEXT = 0.5  # of the mentions are copies
FEW_COPIES = 0.25  # enough when nearly all accounts are new as well
NEW_ACCOUNTS = 0.8
NEW = timedelta(days=2)
LEAST_TO_JUDGE = 6
_NOISE = re.compile(r"https?://\S+|@\w+|[\W_]+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What an incident's message shows of its mentions."""

    topics: list[tuple[str, int]]
    places: list[tuple[str, int]]
    typical: list[int]
    spread: list[int]
    bot_like: str | None  # same_text, new_accounts or None


def facts_about(session: Session, mentions: Sequence[Counted], at: datetime) -> Facts:
    """Reads the mentions of an incident (at most the latest MOST_READ for their texts)."""
    rows = _rows(session, [mention.mention_id for mention in mentions[-MOST_READ:]])
    texts = {mention.id: normalised(f"{revision.title or ''} {revision.text}") for mention, revision, _ in rows}
    reach = {mention.id: sum(_numbers(mention.reach)) for mention, _, _ in rows}
    return Facts(
        topics=Counter(mention.topic for mention in mentions if mention.topic).most_common(SHOWN),
        places=Counter(mention.location for mention in mentions if mention.location).most_common(SHOWN),
        typical=_typical(texts),
        spread=[one for one in sorted(reach, key=lambda one: (-reach[one], one))[:SHOWN] if reach[one] > 0],
        bot_like=_bot_like(list(texts.values()), [author for _, _, author in rows], at),
    )


def in_common(mentions: Sequence[Counted]) -> dict[str, str]:
    """The labels that nearly all of the mentions share."""
    shared = {}
    for name in ("source_kind", "topic", "location", "language"):
        counts = Counter(value for mention in mentions if (value := mention.labels.get(name)))
        for value, count in counts.most_common(1):
            if count >= COMMON * len(mentions):
                shared[name] = value
    return shared


def normalised(text: str) -> str:
    """The text without links, names, marks and case: what copies have in common."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


def _typical(texts: dict[int, str]) -> list[int]:
    """The mentions whose words are most shared by the others; of copies only the first."""
    pairs = {one: {text[i : i + 2] for i in range(len(text) - 1)} for one, text in texts.items()}
    common = Counter(pair for found in pairs.values() for pair in found)
    weight = {
        one: sum(common[pair] - 1 for pair in found) / (len(found) + 10.0) for one, found in pairs.items() if found
    }
    chosen: list[int] = []
    for one in sorted(weight, key=lambda one: (-weight[one], one)):
        if texts[one] not in [texts[other] for other in chosen]:
            chosen.append(one)
    return chosen[:SHOWN]


def _bot_like(texts: list[str], authors: list[Author | None], at: datetime) -> str | None:
    long = [text for text in texts if len(text) >= 12]  # short stock phrases are shared by honest people
    if len(long) < LEAST_TO_JUDGE:
        return None
    copies = sum(count for count in Counter(long).values() if count > 1) / len(long)
    known = [author for author in authors if author is not None]
    new = sum(1 for author in known if at - author.first_seen_at < NEW) / len(known) if known else 0.0
    if copies >= SAME_TEXT:
        return "same_text"
    return "new_accounts" if copies >= FEW_COPIES and new >= NEW_ACCOUNTS else None


def _rows(session: Session, ids: Sequence[int]) -> list[tuple[Mention, Revision, Author | None]]:
    query = (
        select(Mention, Revision, Author)
        .join(Revision, Revision.mention_id == Mention.id)
        .outerjoin(Author, Author.id == Mention.author_id)
        .where(Mention.id.in_(ids), Revision.number == 1)
        .order_by(Mention.id)
    )
    return [(mention, revision, author) for mention, revision, author in session.execute(query)]


def _numbers(reach: dict[str, object]) -> list[float]:
    return [float(value) for value in reach.values() if isinstance(value, int | float)]
