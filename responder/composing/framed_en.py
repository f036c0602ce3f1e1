"""English complaints by the frames of complaints.en.yaml: "my shower was cold" becomes "that the shower was cold"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from responder.composing.clauses_en import Sentence, words
from responder.composing.complaint import Complaint
from responder.composing.frames import Frame, Frames, fill, frames, read_phrases
from responder.composing.persons_en import exchanged

_NOT_SO = re.compile(
    r"\b(?:no|not|never|without|zero|wasn'?t|weren'?t|isn'?t|didn'?t|don'?t|hardly)(?: \w+){0,2} $", re.I
)
_OF_THINGS, _OF_PLACES = ("quality", "food", "surroundings"), ("cleanliness", "facilities")
_MANY = 3
_LONG_WORD = re.compile(r"\b(?!that|with|were|your|have|from|this|trouble)[a-z]{4,}")


def framed_complaints(text: str, sentences: Sequence[Sentence], topics: Sequence[str], most: int) -> list[Complaint]:
    """What the frames know: first of the sentence that decided, then of the others that blame."""
    found: list[Complaint] = []
    for frame, match in _matches(text, sentences):
        if frame.topic not in topics and _elsewhere(frame.topic, topics):
            continue  # A survey can be too long, too.
        clause = " ".join(fill(frame.say, lambda name, match=match: _value(match, name)).split())  # type: ignore[misc]
        if words("kin").search(text[max(0, match.start() - 30) : match.end()]):
            clause = clause.replace("that your ", "that the ", 1)  # "My mom's flight" is not theirs.
        if not any(_says_again(clause, frame.topic, match.start(), one) for one in found):
            topic = (topics[0] if topics else "other") if frame.topic == "heard" else frame.topic
            found.append(Complaint(clause, topic, match.start()))
        if len(found) == most:
            break
    return found


def _elsewhere(topic: str, topics: Sequence[str]) -> bool:
    """Whether a frame of this topic speaks of something else where the assessment hears only `topics`."""
    return bool(topics) and (topic in _OF_THINGS or (topic in _OF_PLACES and len(topics) >= _MANY))


def _matches(text: str, sentences: Sequence[Sentence]) -> Iterator[tuple[Frame, re.Match[str]]]:
    """The frames that fit: those over the whole text, then sentence by sentence, the more exact line first."""
    heard = text.lower()
    likely = _frames().likely(heard)
    for frame in likely:
        if frame.across and (match := frame.match(text, heard)) is not None:
            yield frame, match
    for sentence in sorted(sentences, key=lambda one: not one.decided):
        if sentence.praises or words("hoped").search(sentence.text):
            continue
        start, end = sentence.start, sentence.start + len(sentence.text)
        said = heard[start:end]
        for frame in likely:
            if frame.across or (frame.has and not any(word in said for word in frame.has)):
                continue
            match = frame.find.search(text, start, end)
            if match is not None and not _NOT_SO.search(text[start : match.start()]):
                yield frame, match


def _says_again(clause: str, topic: str, start: int, one: Complaint) -> bool:
    """Whether a failure is known already: in one breath, of one topic near it, or in the same words."""
    near = abs(one.start - start)
    shared = {word[:5] for word in _LONG_WORD.findall(clause)} & {word[:5] for word in _LONG_WORD.findall(one.clause)}
    return near < 12 or bool(shared) or (one.topic == topic and (near < 60 or topic == "staff"))


def _value(match: re.Match[str], name: str) -> str | None:
    groups = match.groupdict()
    if name in ("was_thing", "are_thing", "them_thing"):
        return _agreeing(name, (groups.get("thing") or groups.get("place") or "").lower())
    if name == "was":
        return _agreeing("was_thing", (groups.get("place") or groups.get("thing") or "").lower())
    if name == "item":
        return groups.get("item")
    if name == "what_np":
        return exchanged(groups.get("np") or "")
    if name == "thing_ac":
        thing = (groups.get("thing") or "").lower()
        return "air conditioning" if thing.startswith(("air", "a/c", "ac")) else thing
    if name == "turned":
        whole = "what" in groups and not match.string[match.end("what") : match.end("what") + 1].isalnum()
        return _tail((groups["what"] or "").strip()) if whole else None
    if name in ("deg_said", "how_said"):
        said = (groups.get(name.removesuffix("_said")) or "").lower().replace("’", "'")
        return str(_bank()[name].get(said, _bank()[name]["other"]).replace("{said}", said))
    if name == "crash":
        said = match[0].lower()
        return next(str(verb) for word, verb in _bank()["crash"].items() if word in said)
    value = groups.get(name)
    return _written(name, value) if value else None


def _agreeing(name: str, thing: str) -> str:
    """The verb or the pronoun that the number of a thing asks for."""
    if name == "was_thing":
        return "were" if thing.endswith("s") and not thing.endswith("ss") else "was"
    one = thing in ("history", "progress", "diary", "journal", "account", "data")
    return ("is" if one else "are") if name == "are_thing" else "it" if one else "them"


def _tail(said: str) -> str | None:
    """When it happens, in words that may be repeated: "every time you open it"."""
    if not said or words("unfit").search(said) or re.search(r"\b(?:he|she|they|them|their)\b", said, re.I):
        return None
    return exchanged(said)


def _written(name: str, value: str) -> str | None:
    if name in ("what", "what2"):
        return exchanged(value if value[1:2].isupper() else value[:1].lower() + value[1:])
    if name == "who":
        return str(_bank()["who"].get(value.lower(), value.lower()))
    if name == "thing" and value.isupper() and len(value) < 5:
        return value
    said = value.lower()
    if name == "time":
        said = re.sub(r"(?<=\d)(?=[a-z])", " ", said)
        many = "" if re.match(r"(?:an?|one|1|half an?)\b", said) else "s"
        said = re.sub(r"\bmins?\b", "minute", re.sub(r"\bhrs?\b", "hour", said))
        return re.sub(r"\b(minute|hour|day|week|month)s?\b", rf"\1{many}", said)
    return "TV" if said == "tv" else said


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("complaints.en.yaml")


@lru_cache(maxsize=1)
def _frames() -> Frames:
    return frames(_bank()["frames"], _bank()["macros"], ignore_case=True)
