"""What an English complaint is about, turned round: "I waited 40 minutes" becomes "that you waited 40 minutes"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from responder.composing.complaint import Complaint
from responder.composing.frames import Frame, Frames, fill, frames, read_phrases
from responder.composing.named_en import named_complaint
from responder.composing.persons_en import exchanged
from responder.composing.turned_en import CERTAIN, WEIGHT, turned_complaints

MOST = 2
_SENTENCE = re.compile(r"[^.!?\n;]+(?:\.\d[^.!?\n;]*)*")
_NOISE = re.compile(r"https?://\S+|[@#][\w.\-]+|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
_NOT_SO = re.compile(
    r"\b(?:no|not|never|without|zero|wasn'?t|weren'?t|isn'?t|didn'?t|don'?t|hardly)(?: \w+){0,2} $", re.I
)
_HOPED = re.compile(
    r"\b(?:was worried|thought|expected|feared|if (?:you|it|they)|would have|had read|other reviews?)\b", re.I
)
_LEADS = re.compile(
    r"^(?:(?:and|but|also|then|so|plus|honestly|unfortunately|sadly|first(?: of all)?|second(?:ly)?|however|basically|again|worse|to top it off"
    r"|to be honest|tbh|well|yes|ok|okay|btw|in the end|on top of that|overall|additionally|finally|even worse|worst of all|meanwhile|literally"
    r"|apparently|seriously|turns out(?: that)?|after that|still)\b,? ?)+",
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
_VAGUE = re.compile(r"that it took (?!you)(?:\S+ ){1,2}\S+$")
_SHRUG = re.compile(r"\b(?:says|said|not a big deal|not the end of the world|i guess|meh)\b", re.I)
_LETTERS = re.compile(r"[A-Za-z]{3}")


def complaints(text: str, topics: Sequence[str], evidence: str | None = None) -> list[Complaint]:
    """At most two failures of `text`; one of the strongest topic when none is recognised."""
    plain = _NOISE.sub(" ", text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"'))
    found = _by_frames(plain)
    weak = [one for one in found if one.clause in _bank()["weak"] or _VAGUE.match(one.clause)]
    found = [one for one in found if one not in weak]
    thing = None
    if len(found) < MOST:
        thing = named_complaint(plain, topics, evidence)
        for one in turned_complaints(plain, topics, evidence, WEIGHT if thing is None or found else CERTAIN):
            if len(found) < MOST and not any(_one_sentence(plain, one, known) for known in found):
                found.append(one)
    if not found and thing is not None:
        found = [thing]
    found += [one for one in weak if not any(_one_sentence(plain, one, known) for known in found)]
    if found:
        return sorted(found[:MOST], key=lambda one: (one.named.startswith("that "), one.start))
    if quoted := (evidence and _quoted(evidence, topics)) or _quoted(plain, topics):
        return [quoted]
    topic = topics[0] if topics else "other"
    return [Complaint(_bank()["topics"].get(topic, _bank()["topics"]["other"]), topic, 0, certain=False)]


def _one_sentence(text: str, one: Complaint, known: Complaint) -> bool:
    if one.topic == known.topic == "staff":
        return True
    first, last = sorted((one.start, known.start))
    return last - first < 32 and not re.search(r"[.!?\n](?!\d)", text[first:last])


def _quoted(text: str, topics: Sequence[str]) -> Complaint | None:
    """The customer's own sentence in quotation marks: the one with most of what went wrong; none that is rude."""
    best: tuple[int, str, int] | None = None
    for sentence in _SENTENCE.finditer(text):
        quote = _LEADS.sub("", _BUT.split(sentence[0])[-1].strip()).strip(" ,-")
        if not 3 <= len(quote.split()) <= 28 or '"' in quote or _RUDE.search(quote) or not _LETTERS.search(quote):
            continue
        blame = len(_FAULT.findall(quote))
        fits = blame and not _SHRUG.search(quote)
        if fits and (best is None or blame > best[0]):
            best = (blame, quote, sentence.start())
    if best is None:
        return None
    return Complaint(f"for what you describe: “{best[1]}”", topics[0] if topics else "other", best[2], quoted=True)


def _by_frames(text: str) -> list[Complaint]:
    found: list[Complaint] = []
    for frame, match in _matches(text):
        clause = " ".join(fill(frame.say, lambda name, match=match: _value(match, name)).split())  # type: ignore[misc]
        known = any(_says_again(clause, frame.topic, match.start(), one) for one in found)
        if not known:
            found.append(Complaint(clause, frame.topic, match.start()))
        if len(found) == MOST + 1:
            break
    return found


def _matches(text: str) -> Iterator[tuple[Frame, re.Match[str]]]:
    """The frames that fit: those over the whole text, then sentence by sentence, the more exact line first."""
    heard = text.lower()
    likely = _frames().likely(heard)
    for frame in likely:
        if frame.across and (match := frame.match(text, heard)) is not None:
            yield frame, match
    for sentence in _SENTENCE.finditer(text):
        if _HOPED.search(sentence[0]):
            continue
        said = heard[sentence.start() : sentence.end()]
        for frame in likely:
            if frame.across or (frame.has and not any(word in said for word in frame.has)):
                continue
            match = frame.find.search(text, sentence.start(), sentence.end())
            if match is not None and not _NOT_SO.search(text[sentence.start() : match.start()]):
                yield frame, match


def _says_again(clause: str, topic: str, start: int, one: Complaint) -> bool:
    """Whether a failure is known already: in one breath, of one topic near it, or in the same words."""
    near = abs(one.start - start)
    return near < 12 or (one.topic == topic and (near < 60 or topic == "staff")) or one.clause[:16] == clause[:16]


def _value(match: re.Match[str], name: str) -> str | None:
    groups = match.groupdict()
    if name in ("was_thing", "was"):
        thing = groups.get("thing") or groups.get("place") or ""
        return "were" if thing.lower().endswith(("s", "es")) and not thing.lower().endswith("ss") else "was"
    if name in ("are_thing", "them_thing", "what_np", "item"):
        return _as_written(groups, name)
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
        return exchanged(tail) if tail and not _UNFIT.search(tail.replace("it", "").replace("that", "")) else None
    value = groups.get(name)
    if not value:
        return None
    if name in ("what", "what2"):
        value = exchanged(value)
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


def _as_written(groups: Mapping[str, str | None], name: str) -> str:
    """A thing in its own letters, or the verb and the pronoun that its number asks for."""
    if name == "item":
        return groups.get("item") or ""
    if name == "what_np":
        return exchanged(groups.get("np") or "")
    one = (groups.get("thing") or "").lower() in ("history", "progress", "diary", "journal", "account")
    return ("is" if one else "are") if name == "are_thing" else "it" if one else "them"


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
def _frames() -> Frames:
    return frames(_bank()["frames"], _bank()["macros"], ignore_case=True)
