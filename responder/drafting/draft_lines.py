"""JSON lines of mentions in, drafts out; lines of replies in, findings out: what `kintsugi draft` and `guard` print."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from config.brand import INDUSTRIES
from config.settings import Settings
from responder.drafting.drafts import compose
from responder.drafting.playbooks import load_packs
from responder.drafting.request import DraftRequest, Recent, heard_fields
from responder.guard.finding import Context
from responder.guard.guard import check
from storage.assessment import SEVERITIES

Facts = Callable[[str, float | None, str | None], Mapping[str, Any]]
"""(text, rating, language hint) -> language, sentiment{label}, topics[{name}], severity, reasons, evidence{text}."""

_KANA = re.compile(r"[ぁ-んァ-ヶ]")
_RECENT = 50


class _Unreadable(Exception):
    pass


def draft_lines(lines: Iterable[bytes], settings: Settings, facts: Facts) -> Iterator[dict[str, Any]]:
    """One draft a line, in order; an unreadable line gives {"line", "error"}. Later lines know the earlier drafts.

    A line is a JSON object (text; rating, author, source_kind, kind, language, location, industry if known) or a bare text.
    """
    recent: dict[str, list[Recent]] = {}
    for number, line in enumerate(lines, 1):
        try:
            given = _read(line)
            if given is None:
                continue
            request = _request(given, settings, facts, recent, number)
        except _Unreadable as error:
            yield {"line": number, "error": str(error)}
            continue
        result = compose(request)
        said = recent.setdefault(request.source_kind or "", [])
        said[:0] = [Recent(result.text, result.phrases)] if result.text else []
        del said[_RECENT:]
        yield result.as_json()


def guard_lines(lines: Iterable[bytes], settings: Settings) -> Iterator[dict[str, Any]]:
    """{"findings": [...]} a line, in order; an unreadable line gives {"line", "error"}.

    A line is a reply as bare text, or a JSON object: text; language, and of the mention that it answers: mention, rating,
    sentiment, topics, severity, author, source_kind.
    """
    for number, line in enumerate(lines, 1):
        try:
            given = _read(line)
            if given is None:
                continue
            context = _context(given, settings)
        except _Unreadable as error:
            yield {"line": number, "error": str(error)}
            continue
        yield {"findings": [asdict(one) for one in check(given["text"], context)]}


def _read(line: bytes) -> dict[str, Any] | None:
    """The object of a line, with a text; None for an empty line."""
    try:
        text = line.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise _Unreadable(f"not UTF-8 at byte {error.start}; save it as UTF-8") from None
    if not text:
        return None
    if not text.startswith("{"):
        return {"text": text}
    try:
        value = json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        raise _Unreadable(f"not JSON at column {error.colno}: {error.msg}") from None
    except (RecursionError, ValueError):
        raise _Unreadable("nested too deeply, or a number too long, to be read") from None
    if not isinstance(value.get("text"), str) or not value["text"].strip():
        raise _Unreadable('no "text": a line needs one, such as {"text": "…", "rating": 2}')
    value["text"] = value["text"].encode("utf-8", "replace").decode()[:20_000]
    return dict(value)


def _request(
    given: Mapping[str, Any], settings: Settings, facts: Facts, recent: Mapping[str, list[Recent]], number: int
) -> DraftRequest:
    rating = _rating(given.get("rating"))
    known = facts(given["text"], rating, _text(given, "language"))
    industry = _text(given, "industry") or settings.brand.industry
    if industry is not None and industry not in INDUSTRIES:
        raise _Unreadable(f"{industry!r} is no industry: choose one of {', '.join(INDUSTRIES)}")
    brand = (
        settings.brand
        if industry == settings.brand.industry
        else settings.brand.model_copy(update={"industry": industry})
    )
    source_kind = _text(given, "source_kind")
    return DraftRequest(
        text=given["text"],
        brand=brand,
        playbooks=load_packs(industry, settings.playbooks),
        rating=rating,
        author=_text(given, "author"),
        language=str(_text(given, "language") or known["language"]).split("-")[0].lower(),
        sentiment=str(known["sentiment"]["label"]),
        topics=tuple(str(topic["name"]) for topic in known["topics"]),
        severity=str(known["severity"]),
        reasons=tuple(str(reason) for reason in known["reasons"]),
        evidence=(known.get("evidence") or {}).get("text"),
        **heard_fields(known),
        source_kind=source_kind,
        kind=_text(given, "kind"),
        location=_text(given, "location"),
        recent=tuple(recent.get(source_kind or "", ())),
        seed=number,
    )


def _context(given: Mapping[str, Any], settings: Settings) -> Context:
    language = _text(given, "language") or ("ja" if _KANA.search(given["text"]) else "en")
    return Context(
        language=language,
        brand=settings.brand,
        mention=_text(given, "mention"),
        rating=_rating(given.get("rating")),
        sentiment=_text(given, "sentiment"),
        topics=_topics(given.get("topics")),
        severity=_severity(given),
        author=_text(given, "author"),
        source_kind=_text(given, "source_kind"),
    )


def _topics(value: object) -> tuple[str, ...]:
    """Names, or objects with a "name" as `kintsugi assess` prints them."""
    if value is None:
        return ()
    names = [one.get("name") if isinstance(one, dict) else one for one in value] if isinstance(value, list) else [None]
    if all(isinstance(name, str) for name in names):
        return tuple(str(name) for name in names)
    raise _Unreadable(f'topics {_short(value)}: write a list of names, such as ["food", "waiting"]')


def _severity(given: Mapping[str, Any]) -> str:
    value = _text(given, "severity") or "minor"
    if value not in SEVERITIES:
        raise _Unreadable(f"severity {_short(value)}: choose one of {', '.join(SEVERITIES)}")
    return value


def _rating(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 5:
        raise _Unreadable(f"rating {_short(value)}: write a number of stars from 1 to 5, or leave it out")
    return float(value)


def _text(given: Mapping[str, Any], key: str) -> str | None:
    value = given.get(key)
    if value is None or isinstance(value, str):
        return value
    raise _Unreadable(f"{key} {_short(value)}: expected a text")


def _short(value: object) -> str:
    """A wrong value as it may stand in one line."""
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"
