"""The thing that English words begin with, as a reply names it: "such a lovely soft fabric" is "the soft fabric"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from responder.composing.english.clauses import words
from responder.composing.frames import read_phrases

_TOKEN = re.compile(r"[A-Za-z][\w'/-]*|&|,|\S+")
_WORD = re.compile(r"[a-z][a-z'/-]*$")
_MOST = 4  # words of one thing
_ADJECTIVE = re.compile(
    r"(?:[a-z]{3}able|[a-z]{2}ible|[a-z]{2}ful|[a-z]{2}ous|[a-z]{3}less|[a-z]{3}ish|[a-z]+-[a-z]+ed)$"
)
_NATION = re.compile(r"(?:[A-Z][a-z]+(?:ian|ish|ese|can)|Thai|French|Greek|German|Dutch)$")
_ADVERB = re.compile(r"[a-z]{3,}ly$")
_VERBAL = re.compile(r"[a-z]{2,}(?:ed|ing)$")
_COMPARED = re.compile(r"([a-z]{3,}?)(i?)(?:er|est)$")
_SEVERAL = re.compile(r"[A-Z][a-z]{3,}[^s\W]s$")  # "the Macarons" are no name.
_POSSESSED = re.compile(r"(?!(?:kids'|kid's|children's|men's|women's))[a-z]+'")


@dataclass(frozen=True, slots=True)
class Name:
    """said: the thing with its article; head: its last noun; rest: what follows it.

    opened: whether an article, an owner or a word of praise stood before it, as before nothing but a noun.
    """

    said: str
    head: str
    rest: str
    opened: bool

    @property
    def many(self) -> bool:
        """Whether it takes "are"."""
        return " and " in self.said or (self.head.endswith("s") and not self.head.endswith("ss"))


@dataclass(frozen=True, slots=True)
class _Part:
    """One of a row; head: its noun, empty where it is an adjective of the next; end: the place behind it."""

    said: str
    head: str
    end: int


def name_at(said: str) -> Name | None:
    """The thing that `said` begins with; None where it begins with none that a reply can name."""
    tokens: list[str] = _TOKEN.findall(said)
    place, owner = _opening(tokens)
    row, praised = _row(tokens, place)
    while row and not row[-1].head:
        row.pop()
    row = [one for one in row if not one.head or _names(one.head)]
    if not row or not row[-1].head:
        return None
    head, article = row[-1].head, _article(owner, row[-1].head)
    if article == "your" and head in listed("of_me"):
        return None
    opened = bool(owner) or praised or any(is_adjective(one) for part in row for one in part.said.split()[:-1])
    tail, end = _tail(tokens, row[-1].end)
    return Name(f"{article} {_and(row)}{tail}", head, " ".join(tokens[end:]), opened)


def _row(tokens: list[str], place: int) -> tuple[list[_Part], bool]:
    """The things from `place` on, and whether a word of praise stood before one."""
    row: list[_Part] = []
    praised = False
    while True:
        run, place = _run(tokens, place)
        if len(run) > 1 and place < len(tokens) and tokens[place].lower() in listed("objects"):
            run, place = run[:-1], place - 1  # Before an article stands a verb: "the headset meets my needs".
        kept = _kept(run)
        praised = praised or len(kept) < len(run)
        if not run or len(kept) > _MOST or not all(_fits(one) for one in kept):
            return row, praised
        if any(one.lower() in listed("nameless") and not is_adjective(one.lower()) for one in kept[:-1]):
            return row, praised  # "Great job ground crew".
        head = kept[-1].lower() if kept and not is_adjective(kept[-1].lower()) else ""
        if head and len(kept) < len(run) and not any(one.head for one in row):
            row.clear()  # "Simple, light and a great fit".
        row += [_Part(" ".join(_small(one) for one in kept), head, place)] if kept else []
        behind = _joined(tokens, place)
        if behind is None:
            return row, praised
        place = behind


def _kept(run: list[str]) -> list[str]:
    """Without what only praises, and without the maker of goods: "Logitech Bluetooth Headset"."""
    kept = [one for one in run if one.lower() not in listed("fine")]
    if len(kept) > 1 and kept[-1].lower() in listed("goods") and not _fits(kept[0]):
        return [one for one in kept if one.lower() in listed("goods")]
    return kept


def is_adjective(word: str) -> bool:
    """Whether a word in small letters says how something is."""
    return base_of(word) in listed("described") or _ADJECTIVE.match(word) is not None


def base_of(word: str) -> str:
    """ "soft" for "softer" and "softest", as far as it is listed; another word as it is."""
    if (found := _COMPARED.match(word)) is not None:
        base = f"{found[1]}y" if found[2] else found[1]
        if base in listed("described"):
            return base
    return word


def _names(head: str) -> bool:
    """Whether a word is the name of something that we gave, as far as its form tells."""
    return bool(head) and head not in listed("nameless") and (_VERBAL.match(head) is None or head in listed("formed"))


def _opening(tokens: list[str]) -> tuple[int, str]:
    """Where the thing begins behind its article and what only strengthens, and the article or owner."""
    place, owner = 0, ""
    while place < len(tokens):
        low = tokens[place].lower()
        if low in listed("openings") or (low == "of" and place):
            owner = low if low not in ("such", "what", "quite", "all", "of", "one", "both") else owner or "the"
        elif low not in listed("strengthens") and not (_ADVERB.match(low) and low not in listed("kept")):
            break
        place += 1
    return place, owner


def _run(tokens: list[str], place: int) -> tuple[list[str], int]:
    """The words of one thing: adjectives, then nouns."""
    run: list[str] = []
    while place < len(tokens):
        low = tokens[place].lower()
        if low in listed("strengthens") or (_ADVERB.match(low) and not is_adjective(low)):
            if run and not is_adjective(run[-1].lower()):
                break
        elif low in listed("ends") or not _WORD.match(low) or (run and low in listed("verbs")):
            break
        else:
            run.append(tokens[place])
        place += 1
    return run, place


def _joined(tokens: list[str], place: int) -> int | None:
    """Where the next thing of a row begins: behind a comma or an "and"."""
    start = place
    while place < len(tokens) and tokens[place].lower() in (",", "&", "and"):
        place += 1
    if place == start:
        return None
    while place < len(tokens) and tokens[place].lower() in listed("openings") | listed("strengthens"):
        place += 1
    return place if place < len(tokens) and tokens[place].lower() not in listed("closed") else None


def _tail(tokens: list[str], place: int) -> tuple[str, int]:
    """ "of the dress" behind "the quality", "on the dress" behind "the print"; nothing where more than a thing follows."""
    if place >= len(tokens) - 1 or tokens[place].lower() not in ("of", "in", "on"):
        return "", place
    at, owner = place + 1, ""
    if tokens[at].lower() in listed("openings"):
        owner, at = tokens[at].lower(), at + 1
    run, end = _run(tokens, at)
    head = run[-1].lower() if run else ""
    if not 0 < len(run) < 4 or not all(_fits(one) for one in run) or is_adjective(head) or not _names(head):
        return "", place
    if tokens[place].lower() != "of" and (not owner or head not in listed("goods")):
        return "", place
    article = f"{_article(owner, head)} " if owner else ""
    return f" {tokens[place].lower()} {article}{' '.join(_small(one) for one in run)}", end


def _article(owner: str, head: str) -> str:
    own: dict[str, str] = read_phrases("grammar.en.yaml")["own"]
    if head in listed("people"):
        return "our"
    if own.get(owner) in ("your", "our") and head not in listed("goods"):
        return own[owner]
    return "our" if head in listed("ours") else "the"


def _fits(word: str) -> bool:
    """Whether a word can stand in a reply: no name of somebody, no verb that is known as one."""
    low = word.lower()
    if low in listed("verbs") or _POSSESSED.match(low):
        return False
    known = _SEVERAL.match(word) is not None or low in listed("goods") or low in listed("things")
    return word.islower() or known or (_NATION.match(word) or words("written_large").fullmatch(word)) is not None


def _small(word: str) -> str:
    return word if _NATION.match(word) or (word.isupper() and len(word) < 4) else word.lower()


def _and(row: list[_Part]) -> str:
    """ "soft and warm wool"; of several things each has one adjective: "lining and warm wool"."""
    things: list[str] = []
    qualities = list[str]()
    several = sum(bool(one.head) for one in row) > 1
    for one in row:
        if not one.head:
            qualities.append(one.said)
        elif several:
            things.append(one.said)
        else:
            things += [*qualities, one.said]
    *first, last = things
    return f"{', '.join(first)} and {last}" if first else last


@lru_cache(maxsize=32)
def listed(name: str) -> frozenset[str]:
    """A list of praise.en.yaml; `closed`, `openings` and `verbs` those of grammar.en.yaml that end or open a thing."""
    grammar: dict[str, Any] = read_phrases("grammar.en.yaml")
    praise: dict[str, Any] = read_phrases("praise.en.yaml")
    if name == "closed":
        return (
            frozenset(grammar["prepositions"])
            | frozenset(grammar["auxiliaries"])
            | frozenset(grammar["others"])
            | {
                "am",
                "among",
                "amid",
                "like",
                "despite",
                "throughout",
                "via",
                "every",
                "each",
                "any",
                "no",
                "enough",
                "who",
                "himself",
                "herself",
                "itself",
                "themselves",
            }
        )
    if name == "objects":
        return listed("openings") | {"every", "each", "any", "no", "me", "us", "you", "them", "it"}
    if name == "of_me":
        return frozenset(grammar["of_me"])
    if name == "described":
        return listed("fine") | listed("kept")
    if name == "ends":
        return listed("closed") | listed("openings")
    if name == "goods":
        return frozenset(read_phrases("statements.en.yaml")["goods"])
    if name == "openings":
        return frozenset(grammar["own"]) | frozenset(praise["opens"])
    return frozenset(praise[name])
