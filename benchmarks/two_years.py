"""Two years of a hotel group, as the service leaves them: mentions, assessments, cases with their events, replies.

Written as rows, with everything drawn from one seed; half of the texts are Japanese, the others English and Korean.
Some places go wrong now and then: slowly first, then with a failure. benchmarks/two_years_loading.py puts them into a
database, over which `benchmarks/web.py` measures the pages and reports.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from math import exp

from benchmarks.two_years_cases import Cases
from benchmarks.two_years_rows import BEGIN, DAYS, END, Rows, drawn, one_of
from benchmarks.two_years_texts import KOREAN, PLACES, PREDICATES, SUBJECTS, TITLES
from storage.assessment import Assessment
from storage.author import Author
from storage.listing import Listing
from storage.mention import Mention, Revision
from storage.search import bigrams
from storage.source import Crawl, Source
from storage.spike import Spike

SOURCES = (
    ("google-asakusa", "google_business", 0.30), ("tripadvisor-file", "file", 0.15), ("booking-file", "file", 0.15),
    ("play-app", "google_play_console", 0.12), ("app-store", "app_store", 0.10), ("mstdn", "mastodon", 0.08),
    ("news", "feed", 0.02), ("intake", "intake", 0.03), ("guest-mail", "imap", 0.05),
)  # fmt: skip
APPS = ("play-app", "app-store")
TOPICS = tuple(SUBJECTS)
WEIGHTS = (20, 14, 4, 12, 14, 10, 12, 9, 6, 6, 4, 3)
VARIANTS = 40  # texts of a language about the same topics in the same mood
WRONG_DAYS, FAILING_DAYS = 56, 28  # how long it drifts, and how long the failure lasts that follows


SOURCE_NUMBERS = drawn([(number, share) for number, (_, _, share) in enumerate(SOURCES)])
LANGUAGES = drawn([("ja", 55), ("en", 40), ("ko", 5)])
TOPIC_SETS: list[tuple[str, ...]] = drawn(
    [((one,), 2 * weight) for one, weight in zip(TOPICS, WEIGHTS, strict=True)]
    + [
        ((one, other), weight / 11)
        for one, weight in zip(TOPICS, WEIGHTS, strict=True)
        for other in TOPICS
        if other != one
    ]
)
STARS = {
    "negative": drawn([(1, 45), (2, 35), (3, 15), (4, 4), (5, 1)]),
    "neutral": drawn([(1, 3), (2, 12), (3, 55), (4, 25), (5, 5)]),
    "positive": drawn([(2, 1), (3, 6), (4, 30), (5, 63)]),
}
SEVERITIES = drawn([("none", 18), ("minor", 56), ("major", 24), ("critical", 2)])
FAILING_SEVERITIES = drawn([("none", 10), ("minor", 45), ("major", 40), ("critical", 5)])


class History:
    """Draws it, oldest first."""

    def __init__(self, seed: int, mentions: int, key: bytes) -> None:
        self._draw, self._count = random.Random(seed), mentions
        self.rows = Rows()
        self._cases = Cases(self._draw, self.rows, key)
        self._revision = 0
        self._authors = max(10, mentions // 3)
        self._known: set[int] = set()
        self._texts: dict[tuple[str, tuple[str, ...], str], list[tuple[str, str]]] = {}
        self._bad_times = self._failures()
        self.words: list[tuple[int, str]] = []  # mention, what the search knows of it

    def _failures(self) -> dict[tuple[str, str], list[datetime]]:
        """For each place and each version the days on which a slow drift began that a failure ended."""
        found: dict[tuple[str, str], list[datetime]] = {}
        for place in PLACES:
            found["location", place] = [BEGIN + timedelta(days=self._draw.randrange(60, DAYS - 20))
                                        for _ in range(self._draw.choice((0, 1, 1, 2)))]  # fmt: skip
        return found

    def moments(self) -> Iterator[datetime]:
        """When mentions are posted: more of them in the evening, on weekends, and each year."""
        hours = [exp(-(((hour - 12) % 24 - 12) ** 2) / 60) for hour in range(24)]
        days = [
            1.0 + 0.3 * day / DAYS + (0.25 if (BEGIN + timedelta(days=day)).weekday() > 4 else 0.0)
            for day in range(DAYS)
        ]
        whole = sum(days)
        left = self._count
        for day in range(DAYS):
            number = round(self._count * days[day] / whole) if day < DAYS - 1 else left
            number, left = min(number, left), left - min(number, left)
            start = BEGIN + timedelta(days=day)
            chosen = self._draw.choices(range(24), hours, k=number)
            yield from sorted(start + timedelta(hours=hour, seconds=self._draw.randrange(3600)) for hour in chosen)

    def mention(self, number: int, at: datetime) -> None:
        """One mention with all that came of it."""
        draw = self._draw
        source = one_of(draw, SOURCE_NUMBERS)
        key = SOURCES[source][0]
        place = draw.choice(PLACES) if key not in (*APPS, "news") and draw.random() < 0.85 else None
        version = _version(at) if key in APPS else None
        bad = 0.2 + self._worse(place, at)
        mood = "negative" if (luck := draw.random()) < bad else "neutral" if luck < bad + 0.15 else "positive"
        topics = one_of(draw, TOPIC_SETS)
        language = one_of(draw, LANGUAGES)
        body, words = self._said(language, topics, mood)
        title = draw.choice(TITLES[language, mood]) if draw.random() < 0.5 else None
        review = key not in ("mstdn", "news", "guest-mail")
        stars = float(one_of(draw, STARS[mood])) if review else None
        severity = _severity(draw, mood, bad > 0.3)
        self._revision += 1
        revision, edited = self._revision, draw.random() < 0.02
        author = int(draw.random() * self._authors) + 1
        self._author(author, source + 1, at)
        reply_at = at + timedelta(hours=draw.randrange(1, 200)) if review and draw.random() < 0.25 else None
        self.rows.add(
            Mention, id=number, source_id=source + 1, external_id=f"r{number}", author_id=author,
            kind="review" if review else "post", url=f"https://reviews.example/{key}/{number}", posted_at=at,
            language_hint=None, location=place, product_version=version, digest=f"{number:032x}",
            first_seen_at=at + timedelta(minutes=20), reply_at=reply_at if reply_at and reply_at < END else None,
            reply_text="ご利用ありがとうございます。" if reply_at and reply_at < END else None,
        )  # fmt: skip
        self.rows.add(
            Revision, id=revision, mention_id=number, number=1, title=title, text=body, rating=stars, rating_raw=stars,
            rating_scale=5.0 if review else None, seen_at=at + timedelta(minutes=20), salt=f"{revision:016x}",
        )  # fmt: skip
        self._assessment(revision, language, mood, topics, severity, at)
        now = revision
        if edited and stars is not None and at < END - timedelta(days=20):
            now = self._edited(number, title, body, language, mood, topics, severity, stars, at)
            stars = self._stars_now
        self.words.append((number, f"{_known(title)} {words}" if title else words))
        self.rows.add(
            Listing, mention_id=number, revision_id=now, searched_id=now, at=at, hour=int(at.timestamp()) // 3600,
            source_id=source + 1, kind="review" if review else "post", location=place, product_version=version,
            stars=None if stars is None else int(stars), language=language, sentiment=mood, severity=severity,
            topic=topics[0], topics=f",{','.join(topics)},",
        )  # fmt: skip
        if severity in ("major", "critical") and mood == "negative":
            self._cases.open(number, author, at, severity, topics[0], place, key, language)

    def _worse(self, place: str | None, at: datetime) -> float:
        for began in self._bad_times.get(("location", place or ""), []):
            days = (at - began).days
            if 0 <= days < WRONG_DAYS:
                return 0.12 * days / WRONG_DAYS
            if WRONG_DAYS <= days < WRONG_DAYS + FAILING_DAYS:
                return 0.30
        return 0.0

    def _said(self, language: str, topics: tuple[str, ...], mood: str) -> tuple[str, str]:
        """A text and what the search knows of it: one of a few of this kind, now and then with the number of a room."""
        draw = self._draw
        kind = (language, topics if language != "ko" else (), mood)
        known = self._texts.setdefault(kind, [])
        if len(known) < VARIANTS:
            parts = [self._sentence(*kind) for _ in range(draw.choices((1, 2, 3, 5, 8), (30, 30, 20, 15, 5))[0])]
            known.append(_written(parts, language))
        body, words = known[int(draw.random() * len(known))]
        if draw.random() < 0.3:
            number = int(100 + draw.random() * 1100)
            room = f"{number}号室に泊まりました。" if language == "ja" else f" We stayed in room {number}."
            return body + room, f"{words} {bigrams(room)}"
        return body, words

    def _sentence(self, language: str, topics: tuple[str, ...], mood: str) -> str:
        draw = self._draw
        if language == "ko":
            return draw.choice(KOREAN[mood])
        return draw.choice(SUBJECTS[draw.choice(topics)][language]) + draw.choice(PREDICATES[language, mood])

    def _author(self, author: int, source: int, at: datetime) -> None:
        if author not in self._known:
            self._known.add(author)
            self.rows.add(
                Author, id=author, source_id=source, external_id=f"a{author}", name=f"旅人{author}", first_seen_at=at
            )

    def _assessment(
        self, revision: int, language: str, mood: str, topics: tuple[str, ...], severity: str, at: datetime
    ) -> None:
        sure = 0.6 + 0.39 * self._draw.random()
        rest = (1 - sure) / 2
        self.rows.add(
            Assessment, id=revision, revision_id=revision, language=language, sentiment=mood,
            negative=sure if mood == "negative" else rest, neutral=sure if mood == "neutral" else rest,
            positive=sure if mood == "positive" else rest,
            topics=[{"name": one, "p": 0.9} for one in topics], severity=severity,
            emotion="anger" if severity == "critical" else "none",
            urgency="high" if severity == "critical" else "normal", evidence={"text": "", "start": 0, "end": 0},
            reasons=[], model="kintsugi-1", assessed_at=at + timedelta(minutes=21),
        )  # fmt: skip

    def _edited(
        self, number: int, title: str | None, body: str, language: str, mood: str, topics: tuple[str, ...],
        severity: str, stars: float, at: datetime,
    ) -> int:  # fmt: skip
        """A second revision, some days later, with other stars. Returns its id."""
        self._revision += 1
        self._stars_now = float(max(1, min(5, stars + self._draw.choice((-1, 0, 1, 1, 2)))))
        later = at + timedelta(days=self._draw.randrange(1, 19))
        self.rows.add(
            Revision, id=self._revision, mention_id=number, number=2, title=title, text=body, rating=self._stars_now,
            rating_raw=self._stars_now, rating_scale=5.0, edited_at=later, seen_at=later, salt=f"{self._revision:016x}",
        )  # fmt: skip
        self._assessment(self._revision, language, mood, topics, severity, later)
        return self._revision

    def surroundings(self) -> None:
        """Sources, their crawls of every hour, and an incident a week."""
        for number, (key, kind, _) in enumerate(SOURCES, start=1):
            self.rows.add(Source, id=number, key=key, kind=kind, due_at=END + timedelta(hours=11))
            for hour in range(DAYS * 24):
                at = BEGIN + timedelta(hours=hour)
                self.rows.add(
                    Crawl, source_id=number, started_at=at, finished_at=at + timedelta(minutes=1), state="done",
                    fetched=50, new=6, unchanged=44,
                )  # fmt: skip
        for week in range(DAYS // 7):
            since = BEGIN + timedelta(weeks=week, hours=self._draw.randrange(160))
            place, topic = self._draw.choice(PLACES), self._draw.choice(TOPICS)
            self.rows.add(
                Spike, what="volume", labels={"brand": "Hotel Sora", "location": place, "topic": topic}, score=8.0,
                since=since, opened_at=since, ended_at=since + timedelta(hours=9) if week < DAYS // 7 - 2 else None,
                mentions=60, negative=40, expected=12.0, peak=20, topics=[[topic, 40]], places=[[place, 60]],
            )  # fmt: skip


@cache
def _known(sentence: str) -> str:
    return bigrams(sentence)


@cache
def _version_of(month: int) -> str:
    return f"{4 + month // 12}.{month % 12}"


def _version(at: datetime) -> str:
    return _version_of((at - BEGIN).days // 30)


def _severity(draw: random.Random, mood: str, failing: bool) -> str:
    return one_of(draw, FAILING_SEVERITIES if failing else SEVERITIES) if mood == "negative" else "none"


def _written(parts: list[str], language: str) -> tuple[str, str]:
    return ("" if language == "ja" else " ").join(parts), " ".join(map(_known, parts))
