"""What an English complaint is about, turned round: "I waited 40 minutes" becomes "that you waited 40 minutes"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from responder.composing.complaint import Complaint
from responder.composing.frames import Frame, fill, frames, read_phrases

MOST = 2
_SENTENCE = re.compile(r"[^.!?\n;]+(?:\.\d[^.!?\n;]*)*")
_NOISE = re.compile(r"https?://\S+|[@#][\w.\-]+|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
_NOT_SO = re.compile(
    r"\b(?:no|not|never|without|zero|wasn'?t|weren'?t|isn'?t|didn'?t|don'?t|hardly)(?: \w+){0,2} $", re.I
)
_HOPED = re.compile(
    r"\b(?:was worried|thought|expected|feared|if (?:you|it|they)|would have|had read|other reviews?)\b", re.I
)
_CLAUSES = re.compile(
    r",? (?:but|and then|so|because|although|though|yet)\b ?|, (?:and |then |while )?|\s+-+\s+|\s*[–—:]\s*", re.I
)
_LEADS = re.compile(
    r"^(?:(?:and|but|also|then|so|plus|honestly|unfortunately|sadly|first(?: of all)?|second(?:ly)?|however|basically|again|worse|to top it off"
    r"|to be honest|tbh|well|yes|ok|okay|btw|in the end|on top of that|overall|additionally|finally|even worse|worst of all|meanwhile|literally"
    r"|apparently|seriously|turns out(?: that)?|after that|still)\b,? ?)+",
    re.I,
)
_FILLERS = re.compile(
    r"\b(?:literally|absolutely|totally|completely|honestly|actually|seriously|frankly|simply|just|really|super|like,|f\w*cking|bloody|damn)\b ?",
    re.I,
)
_STATES = re.compile(
    r"\b(?:was|were|wasn't|weren't|is|are|isn't|aren't|had|has|have|hasn't|haven't|hadn't|did not|didn't|does not|doesn't|do not|don't|could not|couldn't"
    r"|cannot|can't|would not|wouldn't|won't|never|kept|keeps|took|takes|gave|got|came|went|left|told|said|made|found|lost|broke|sent|ran|fell|felt|\w{3,}ed)\b",
    re.I,
)
_FAULT = re.compile(
    r"\b(?:not|n't|never|no|nobody|none|nothing|without|broken?|broke|cold|dirty|late|wrong|missing|slow|loud|rude|lost|stuck|stained|refus\w+|ignored?|fail\w*|forgot\w*"
    r"|kept|had to|too|waited|smell\w*|leak\w*|empty|expired|cracked|damaged|delay\w*|barely|hardly|twice|error|crash\w*|out of)\b|n't\b",
    re.I,
)
_UNFIT = re.compile(
    r"\b(?:you|your|yours|worst|disgust\w*|joke|scam\w*|thie\w+|fraud\w*|liars?|lying|lied|idiots?|stupid|moron\w*|hell|crap|shit\w*|suck\w*|hate\w*|avoid|recommend\w*|stars?|review\w*"
    r"|rating|refunds?|lawyer|sue|money back|nightmare|garbage|trash|pathetic|ridiculous|horrible|terrible|awful|appalling|unacceptable|disgrace\w*|insult\w*|wtf|lol"
    r"|wish|hope|would|should|if|maybe|probably|think|guess|believe|feel like|imagine|want|never (?:again|come|stay|buy|use|return|go)|will|gonna|going to|please|thank\w*"
    r"|he|she|him|his|her|they|them|their|it|this|that|these|those|my (?:husband|wife|partner|boyfriend|girlfriend|friend|mother|father|mom|dad|son|daughter|kids?|family|child\w*))\b",
    re.I,
)  # fmt: skip
_RUDE = re.compile(
    r"\b(?:scam\w*|thie\w+|fraud\w*|liars?|idiots?|stupid|moron\w*|crap|shit\w*|f\w?ck\w*|suck\w*|garbage|trash|pathetic|disgust\w*|lawyer|sue|refund\w*|money back|stars?"
    r"|review\w*|hell|bitch|bastard|ass|dumb|clowns?|worst|never again|avoid|discount|compensat\w+|voucher|free)\b|[$€£¥]|https?:",
    re.I,
)
_BUT = re.compile(r",? (?:but|however|though),? ", re.I)  # What comes after it is what went wrong.
_SHRUG = re.compile(r"\b(?:not a big deal|not the end of the world|i guess|meh)\b", re.I)
_LETTERS = re.compile(r"[A-Za-z]{3}")
_NAME = re.compile(r"(?<=\S )[A-Z][a-z]+")
_FAMILIAR = frozenset(
    [
        "I",
        "Wi",
        "WiFi",
        "Wifi",
        "TV",
        "AC",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Christmas",
        "Easter",
        "English",
        "Japanese",
        "Android",
        "Bluetooth",
        "PayPal",
        "Apple",
        "Google",
    ]
)
_SUBJECT = r"(?P<subject>I|we|the|my|our|there|no|nobody|no one|nothing|both|half|one|two|three|all|every|none|some)\b"
_CLAUSE = re.compile(_SUBJECT + r"[^\"“”()\[\]]{8,90}", re.I)
_TURN = (
    (r"\b(?:I|we) was\b", "you were"), (r"\bI['’]m\b", "you are"), (r"\bI am\b", "you are"), (r"\bwe['’]re\b", "you are"),
    (r"\b(?:I|we)['’]ve\b", "you have"), (r"\b(?:I|we)['’]d\b", "you had"), (r"\b(?:I|we)\b", "you"), (r"\bi\b", "you"),
    (r"\bmyself\b", "yourself"), (r"\bourselves\b", "yourselves"), (r"\b(?:my|our)\b", "your"), (r"\b(?:mine|ours)\b", "yours"),
    (r"\b(?:me|us)\b", "you"), (r"^the (staff|team|waiter|waitress|receptionist|driver|manager|cashier|nurse|server)\b", r"our \1"),
)  # fmt: skip
_TURNS = tuple((re.compile(pattern, re.I), said) for pattern, said in _TURN)


def complaints(text: str, topics: Sequence[str], evidence: str | None = None) -> list[Complaint]:
    """At most two failures of `text`; one of the strongest topic when none is recognised."""
    plain = _NOISE.sub(" ", text.replace("’", "'").replace("“", '"').replace("”", '"'))
    found = _by_frames(plain)
    if len(found) < MOST:
        found += [one for one in _turned_round(plain, topics) if not _near(one, found)][: MOST - len(found)]
    if not found and (quoted := (evidence and _quoted(evidence, topics)) or _quoted(plain, topics)):
        found = [quoted]
    if not found:
        topic = topics[0] if topics else "other"
        found = [Complaint(_bank()["topics"].get(topic, _bank()["topics"]["other"]), topic, 0, certain=False)]
    found.sort(key=lambda one: (topics.index(one.topic) if one.topic in topics else 9, one.start))
    return found[:MOST]


def _quoted(text: str, topics: Sequence[str]) -> Complaint | None:
    """The customer's own sentence in quotation marks: the one with most of what went wrong; none that is rude."""
    best: tuple[int, str, int] | None = None
    for sentence in _SENTENCE.finditer(text):
        quote = _LEADS.sub("", _BUT.split(sentence[0])[-1].strip()).strip(" ,-")
        if not 3 <= len(quote.split()) <= 28 or '"' in quote or _RUDE.search(quote) or not _LETTERS.search(quote):
            continue
        blame = len(_FAULT.findall(quote))
        fits = (blame or len(quote.split()) >= 7) and not _SHRUG.search(quote)
        if fits and (best is None or blame > best[0]):
            best = (blame, quote, sentence.start())
    if best is None:
        return None
    return Complaint(f"for what you describe: “{best[1]}”", topics[0] if topics else "other", best[2], quoted=True)


def turn_round(clause: str) -> str:
    """The customer's clause with the persons exchanged: I, my, us become you, your, you."""
    said = clause
    for pattern, replacement in _TURNS:
        said = pattern.sub(replacement, said)
    return said


def _by_frames(text: str) -> list[Complaint]:
    found: list[Complaint] = []
    for sentence in _SENTENCE.finditer(text):
        if _HOPED.search(sentence[0]):
            continue
        heard = sentence[0].lower()
        for frame in _frames():
            match = frame.match(sentence[0], heard)
            if match is None or _NOT_SO.search(sentence[0][: match.start()]):
                continue
            clause = " ".join(fill(frame.say, lambda name, match=match: _value(match, name)).split())  # type: ignore[misc]
            start = sentence.start() + match.start()
            if not any(one.topic == frame.topic or abs(one.start - start) < 12 for one in found):
                found.append(Complaint(clause, frame.topic, start))
            if len(found) == MOST + 1:
                return found
    return found


def _turned_round(text: str, topics: Sequence[str]) -> list[Complaint]:
    found = []
    for sentence in _SENTENCE.finditer(text):
        start = sentence.start()
        for part in _CLAUSES.split(sentence[0]):
            clause = " ".join(_FILLERS.sub("", _LEADS.sub("", part.strip())).split()).strip(" ,.'\"")
            after_but = _BUT.search(sentence[0][: sentence[0].find(part) + 1]) is not None
            if _plain_fact(clause, blamed=after_but):
                said = turn_round(clause[0].lower() + clause[1:] if not clause.startswith("I ") else clause)
                found.append(
                    Complaint(f"that {said}", topics[0] if topics else "other", start + sentence[0].find(part))
                )
    return found


def _plain_fact(clause: str, *, blamed: bool) -> bool:
    """Whether it states what happened, without judging, naming anyone, or leaning on another sentence.

    blamed: it stands after a "but", so that it is a fault whatever its words.
    """
    if not _CLAUSE.fullmatch(clause) or not 4 <= len(clause.split()) <= 16:
        return False
    if _UNFIT.search(clause) or not _STATES.search(clause) or not (blamed or _FAULT.search(clause)):
        return False
    return all(name[0] in _FAMILIAR for name in _NAME.finditer(clause))


def _near(one: Complaint, found: list[Complaint]) -> bool:
    return any(abs(one.start - other.start) < 40 for other in found)


def _value(match: re.Match[str], name: str) -> str | None:
    groups = match.groupdict()
    if name in ("was_thing", "was"):
        thing = groups.get("thing") or groups.get("place") or ""
        return "were" if thing.lower().endswith(("s", "es")) and not thing.lower().endswith("ss") else "was"
    if name == "deg_said":
        return {"an oven": "so hot", "hot": "too hot", "cold": "too cold"}.get(
            (groups.get("deg") or "").lower(), groups.get("deg")
        )
    if name == "thing_ac":
        thing = (groups.get("thing") or "").lower()
        return "air conditioning" if thing.startswith(("air", "a/c", "ac")) else thing
    if name == "how_said":
        return _HOW.get((groups.get("how") or "").lower().replace("’", "'"), "did not treat you as they should")
    if name == "crash":
        return (
            "froze"
            if "froz" in match[0].lower()
            else "freezes"
            if "freez" in match[0].lower()
            else ("crashed" if "crashed" in match[0].lower() else "crashes")
        )
    if name == "turned":
        tail = (groups.get("what") or "").strip()
        return turn_round(tail) if tail and not _UNFIT.search(tail.replace("it", "").replace("that", "")) else None
    value = groups.get(name)
    if not value:
        return None
    if name in ("what", "what2"):
        value = turn_round(value)
    if name == "who":
        return _WHO.get(value.lower(), value.lower())
    if name == "thing" and value.isupper():
        return value
    lowered = value.lower() if name not in ("what",) else value
    return (
        re.sub(r"(?<=\d)(?=[a-z])", " ", lowered).replace("hrs", "hours").replace("mins", "minutes")
        if name == "time"
        else ("TV" if lowered == "tv" else lowered)
    )


_HOW = {
    "rude": "spoke to you rudely", "impolite": "spoke to you rudely", "disrespectful": "spoke to you without respect",
    "unfriendly": "met you without warmth", "cold": "met you without warmth", "indifferent": "met you with indifference",
    "unhelpful": "did not help you", "useless": "did not help you", "no help": "did not help you", "not helpful": "did not help you",
    "wouldn't help": "did not help you", "refused to help": "did not help you", "clueless": "could not answer your questions",
    "incompetent": "could not help you as they should", "dismissive": "brushed your concern aside",
    "condescending": "talked down to you", "patronising": "talked down to you", "patronizing": "talked down to you",
    "arrogant": "talked down to you", "attitude": "met you with such an attitude", "hostile": "met you with hostility",
}  # fmt: skip
_WHO = {
    "lady": "colleague", "guy": "colleague", "woman": "colleague", "man": "colleague", "girl": "colleague", "employee": "colleague",
    "employees": "colleagues", "front desk": "front desk staff", "reception": "reception staff", "customer service": "customer service team",
    "customer support": "support team", "support": "support team", "crew": "crew", "sales": "sales team",
}  # fmt: skip


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("complaints.en.yaml")


@lru_cache(maxsize=1)
def _frames() -> tuple[Frame, ...]:
    return frames(_bank()["frames"], _bank()["macros"], ignore_case=True)
