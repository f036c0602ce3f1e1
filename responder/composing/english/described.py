"""How a thing is said to be in English praise: "how soft the dress is", "how well it works", "the soft fabric"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from responder.composing.english.clauses import words
from responder.composing.english.meant import is_many
from responder.composing.english.nouns import Name, base_of, is_adjective, listed, name_at
from responder.composing.frames import read_phrases

IT = ("it", "this", "that", "these", "those", "its")
_THEY = ("they", "she", "he", "everyone", "everybody", "you", "you guys", "you all", "who", "they all", "all")
_SENT = ("delivery", "shipping", "arrived", "came", "got here", "delivered", "shipped")


@dataclass(frozen=True, slots=True)
class Meant:
    """What "it" stands for in a text."""

    text: str

    def by(self, subject: str) -> tuple[str, bool]:
        """The one piece of goods that the text names, or the pronoun itself, and whether it takes "are"."""
        shown, found = set[str](), set[str]()
        for one in _goods().finditer(self.text):
            before = self.text[max(0, one.start() - 24) : one.start()]
            if shape("pointed").search(before):
                shown.add(one[0].lower())
            elif not shape("of_others").search(before) and one[0].lower() not in listed("parts"):
                found.add(one[0].lower())
        named = shown or found
        if len(named) == 1:
            thing = f"the {named.pop()}"
            return thing, is_many(thing)
        return ("they", True) if subject in ("these", "they", "those") else ("it", False)


@dataclass(frozen=True, slots=True)
class Qualities:
    """plainly: whether it is praised and no more; said: the adjectives that tell how it is; to_do: what is easy "to use"."""

    plainly: bool
    said: tuple[str, ...]
    to_do: str

    @property
    def joined(self) -> str:
        """ "soft and warm"."""
        return " and ".join(self.said)


def described(said: str, meant: Meant) -> str | None:
    """ "the fabric is soft", "staff were friendly", "it is easy to use", "this is a great phone"."""
    match = shape("said").fullmatch(said)
    if match is None:
        return None
    whole = re.sub(r",? (?:and )?(?:everything|all)$", "", match["subject"])
    subject, verb, how = whole.lower().strip(" ,"), match["verb"].lower(), qualities_of(match["rest"])
    if subject in _THEY:
        if subject == "they" and meant.by("they")[0] != "they":
            return None  # "They" are the jeans of the text.
        return f"our {how.joined} team" if how.said and set(how.said) <= listed("manner") else None
    if subject in IT:
        return of_it(subject, verb, match["rest"], meant)
    name = name_at(whole)
    if name is None and shape("place").fullmatch(subject):
        return f"how {how.joined} the {subject.split()[-1]} {verb}" if how.said else None
    if name is None or name.rest or not (how.plainly or how.said or _lauds(match["rest"])):
        return None
    return _of_name(name, verb, how)


def _lauds(said: str) -> bool:
    """Whether a predicate praises that does not begin with an adjective: "a lovely touch", "to die for"."""
    told = re.sub(r"^(?:(?:always|also|both|just|really|all) )+", "", said.lower())
    kind = any(base_of(one) in listed("described") for one in re.findall(r"[a-z-]+", told))
    return (kind or shape("lauded").match(told) is not None) and words("fault").search(said) is None


def _of_name(name: Name, verb: str, how: Qualities) -> str | None:
    if name.head in listed("people"):
        return _with(name.said, tuple(one for one in how.said if one in listed("manner")))
    sensed = shape("sensed").fullmatch(verb) is not None
    if how.said and (sensed or how.to_do or " and " in name.said or " of " in name.said):
        return f"how {how.joined} {name.said} {verb}{how.to_do}"
    if sensed:
        return f"how {name.said} {verb}" if how.plainly and not verb.startswith("seem") else None
    return _with(name.said, how.said) if how.said else beyond_the_whole(name)


def of_it(subject: str, verb: str, rest: str, meant: Meant) -> str | None:
    """What is said of "it": a quality, or the thing that it is."""
    name = name_at(rest)
    if name is not None and name.opened and not re.match(r"to |on the ", rest):
        return beyond_the_whole(name)
    if shape("sensed").fullmatch(verb) is None:
        return how_it_is(subject, rest, meant, past=verb in ("was", "were"))
    it, how = meant.by(subject)[0], qualities_of(rest)
    if how.said:
        return f"how {how.joined} {it} {verb}"
    return f"how {it} {verb}" if how.plainly and it not in IT else None


def how_it_is(subject: str, rest: str, meant: Meant, *, past: bool = False) -> str | None:
    """ "how soft it is"; of what only praises only a look of goods that are known: "how pretty the dress is"."""
    it, many = meant.by(subject)
    how = qualities_of(rest)
    said = how.joined if how.to_do else " and ".join(one for one in how.said if one not in listed("attributive"))
    if not said:
        first = next((one for one in rest.lower().split() if one not in listed("strengthens")), "")
        said = first if first in listed("looks") and it not in ("it", "they") else ""
    if not said:
        return None
    if it == "it" and set(how.said) <= listed("kindness") and how.said:
        return f"our {said} team"
    be = ("were" if many else "was") if past else "are" if many else "is"
    return f"how {said} {it} {be}{how.to_do}"


def doing(said: str, meant: Meant) -> str | None:
    """ "fits perfectly", "works great with my phone", "arrived early"."""
    match = shape("does").fullmatch(said)
    if match is None:
        return None
    subject, verb, rest = (match["subject"] or "").strip(), match["verb"].lower(), match["rest"] or ""
    if verb in _SENT:
        return "the quick delivery" if shape("soon").match(rest) and shape("sent").fullmatch(subject) else None
    if shape("well").match(rest) is None:
        return None
    if subject.lower() in (*IT, ""):
        it = meant.by(subject.lower() or "it")[0]
    else:
        name = name_at(subject)
        if name is None or name.rest:
            return "the fit" if verb.startswith("fit") and name is None else None
        it = name.said
    if verb.startswith("fit"):
        return "the fit" if it == "it" else f"the fit of {it}"
    return f"how well {it} {verb}s" if it == "it" and verb[-1:] not in "sdpt" else f"how well {it} {verb}"


def qualities_of(said: str) -> Qualities:
    """The adjectives that `said` begins with."""
    if (made := re.match(r"(?:\w+ )?well[- ]made\b", said)) is not None:
        return Qualities(plainly=False, said=("well made",), to_do=_to_do(said[made.end() :]))
    found: list[str] = []
    plainly = False
    tokens = re.findall(r"[A-Za-z][\w'-]*|&|,", said.lower())
    for place, token in enumerate(tokens):
        adverb = token.endswith("ly") and not is_adjective(token)
        if token in (",", "and", "&") or token in listed("strengthens") or adverb:
            continue
        if not is_adjective(token) or (token in ("well", "true") and place + 1 < len(tokens) and not found):
            break
        if base_of(token) in listed("fine"):
            plainly = True
        else:
            found.append(base_of(token))
    return Qualities(plainly, tuple(found[:2]), _to_do(said) if found else "")


def beyond_the_whole(name: Name) -> str | None:
    """The name, if it says more than the place or the purchase as a whole does."""
    return None if name.head in listed("whole") else name.said


def _to_do(said: str) -> str:
    found = shape("to_do").search(said)
    return f" {found[0].lower()}" if found else ""


def _with(name: str, qualities: tuple[str, ...]) -> str:
    """ "the soft fabric"."""
    article, _, thing = name.partition(" ")
    sized = thing.split()[-1] in listed("sized")
    new = [one for one in qualities if one not in thing.split() and (sized or one not in listed("sizes"))]
    return " ".join((article, *((" and ".join(new[:2]),) if new else ()), thing))


@lru_cache(maxsize=64)
def shape(name: str) -> re.Pattern[str]:
    """A shape of praise.en.yaml."""
    bank = read_phrases("praise.en.yaml")
    parts: dict[str, str] = bank["shape_parts"]
    return re.compile(re.sub(r"<([A-Z]+)>", lambda part: parts[part[1]], bank["shapes"][name]), re.I)


@lru_cache(maxsize=1)
def _goods() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(listed('goods'), key=len, reverse=True))})\b(?!-)", re.I)
