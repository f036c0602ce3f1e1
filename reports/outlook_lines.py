"""The outlook in words of one edition: what to watch and why, and how far to believe it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, tzinfo

from reports.early_signs import DRIFTING, LATELY, USUAL, Sign
from reports.outlook import Outlook, Subject, Watch, best_record
from reports.period import Period
from reports.scope import Scope, mentions_path
from reports.share import Mean, Share
from reports.words import Words, percent


@dataclass(frozen=True)
class WatchLine:
    """One line of the watch list. `link` and `usual_link` open the complaints of `now` and `usual`; `record`: of its
    best sign. A version is compared with the other versions, which no list shows."""

    name: str
    failed: bool
    now: str
    usual: str
    limit: str
    signs: list[str]
    record: str
    link: str
    usual_link: str | None


def watch_lines(made: Outlook, zone: tzinfo, say: Words) -> list[WatchLine]:
    """The likeliest first, then those that are beyond their limit already."""
    lately = Period(made.until, made.until, zone).lasting(7 * LATELY)
    usual = Period(lately.end - timedelta(weeks=DRIFTING + USUAL), lately.end - timedelta(weeks=DRIFTING), zone)
    return [
        WatchLine(
            name=subject_name(one.subject, say),
            failed=one.failed,
            now=say.brief(one.now),
            usual=percent(one.usual),
            limit=percent(one.limit),
            signs=[_sign(sign, say) for sign in one.signs],
            record=say("outlook.failed_short") if one.failed else _record(one, made, say),
            link=mentions_path(lately, Scope(), sentiment="negative", **_asked(one.subject)),
            usual_link=None
            if one.subject.what == "version"
            else mentions_path(usual, Scope(), sentiment="negative", **_asked(one.subject)),
        )
        for one in (*made.watched, *made.failed)
    ]


def looked_at(made: Outlook, say: Words) -> str:
    """Of how many subjects something can be said."""
    whole = made.judged + made.too_few
    if not made.judged:
        return say("outlook.too_young")
    return say("outlook.looked" if made.too_few else "outlook.looked_all", part=made.judged, whole=whole)


def how_right(made: Outlook, say: Words) -> list[str]:
    """What came of such lists in the past, in sentences; the last one says what to make of it."""
    record = made.record
    if not made.spans:
        return [say("outlook.history_none")]
    told = [
        say("outlook.history", spans=made.spans),
        say("outlook.hits", listed=say.brief(record.listed), others=say.brief(record.others)),
    ]
    if record.caught.whole:
        told.append(say("outlook.caught", part=record.caught.part, whole=record.caught.whole))
    return [*told, say(f"outlook.{record.verdict}")]


@dataclass(frozen=True)
class SignLine:
    """One sign and its past: what failed after it, and what failed without it."""

    name: str
    listed: str
    others: str
    verdict: str


def sign_lines(made: Outlook, say: Words) -> list[SignLine]:
    """Every sign, in the order of the rule."""
    return [
        SignLine(
            say(f"outlook.{kind}_name"), say.brief(record.listed), say.brief(record.others),
            say(f"outlook.verdict_{record.verdict}"),
        )
        for kind, record in made.records.items()
    ]  # fmt: skip


def subject_name(subject: Subject, say: Words) -> str:
    """浅草; app-store; app-store バージョン5.2."""
    if subject.version is None:
        return subject.name
    return say("outlook.version", product=subject.name, version=subject.version)


def _sign(sign: Sign, say: Words) -> str:
    topic = say.name("topic", sign.topic) if sign.topic else ""
    return say(f"outlook.{sign.kind}", now=_value(sign.now, say), usual=_value(sign.usual, say), topic=topic)


def _value(value: Share | Mean, say: Words) -> str:
    return say.brief(value) if isinstance(value, Share) else say.mean(value)


def _record(one: Watch, made: Outlook, say: Words) -> str:
    best = best_record(one, made.records)
    if best is None:
        return say("outlook.sign_none", sign=say(f"outlook.{one.signs[0].kind}_name"))
    kind, record = best
    listed = record.listed
    others = say.brief(record.others)
    return say(
        "outlook.sign_record", sign=say(f"outlook.{kind}_name"), part=listed.part, whole=listed.whole, others=others
    )


def _asked(subject: Subject) -> dict[str, str]:
    if subject.what == "place":
        return {"place": subject.name}
    return {"source": subject.name} | ({"version": subject.version} if subject.version else {})
