"""What a Japanese complaint is about, said back in 敬語.

Japanese is written without spaces and its verbs end in register, so nothing of the customer's sentence is copied but
nouns and figures: the rest comes from frames (config/packs/phrases/complaints.ja.yaml), which cannot come out broken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from responder.composing.complaint import Complaint
from responder.composing.frames import Frames, fill, frames, read_phrases
from responder.composing.things_ja import FINE, named_complaints

_SENTENCE = re.compile(r"[^。！？!?\n♪☆★…]+")
_NOISE = re.compile(r"https?://\S+|[@#＠＃][\w.\-]+|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
# 「待たされることなく」, 「汚れもなく」: said in praise, not in blame.
_NOT_SO = re.compile(
    r"^[^。、]{0,8}?(?:ずに|ことなく|こともなく|ことはなく|こともありません|ことはありません|心配も?な|もなく清潔)"
)
_CONTRAST = re.compile(
    r"(?:と思(?:った|い)(?:ら|ましたが|たが|きや)|かと心配|が心配でしたが|と(?:聞|き)いていましたが)"
)
_LEAD = re.compile(
    r"^(?:正直|今回|当日|最近|結局|一番|特に|本当|全部|毎回|肝心|昨日|今日|先日|前回|途中|突然|急|朝|夜|翌朝|実際|その|この|あの|また|ただ"
    r"|しかも|さらに|他|更|部屋の中|一部|新品|自慢|名物|有料|無料|高|追加|唯一|楽しみ|期待)(?:の|は|に)?"
)
_QUOTABLE = re.compile(r"[^「」『』（）()]{6,48}")
_CONNECTIVE = re.compile(
    r"^(?:(?:でも|しかし|しかも|ただ|あと|正直|まず|また|それと|なので|だから|そして|さらに|とにかく|結局)[、,\s]*)+"
)
_RUDE = re.compile(
    r"最悪|最低|クソ|糞|ゴミ|ごみ|死|殺|馬鹿|バカ|ばか|アホ|詐欺|二度と|ふざけ|キモ|ブス|デブ|ハゲ|無能|消えろ|潰れ|つぶれ|返金|金返|弁護士|訴|星|レビュー|口コミ"
    r"|絶対|おすすめしな|オススメしな|やめ(?:た|て)|行かな|使わな|泊まらな|リピ|地獄|害悪|カス|頭|人間|笑|草|ｗ|w"
)
_BLAME = re.compile(
    r"ない|なく|なかっ|ません|ずに|せず|悪|遅|残念|不満|ひど|酷|困|すぎ|過ぎ|壊|違|間違|忘れ|雑|汚|臭|うるさ|狭|古|硬|固|冷|ぬる|高い|高く|少な|足り|がっかり|微妙|不便|不親切"
    r"|不安|しつこ|面倒|勝手|そのまま|やっと|放置|つら|辛|悲し|恥|断ら|吸い込|分から|わから|消え|止ま|呼び捨て|言われ|させられ|重な|出直し|まま|だけ|ばかり|いちいち|薄い|まだ"
)
_FINE = re.compile(
    r"ことなく|ずに済|スムーズ|快適|普通|可もなく|良かった|よかった|満足(?!で)|ありがと|素晴|最高|おいし|美味し"
)
_TURN = re.compile(
    r"(?:が|けど|けれど|のに|だけに|ものの)(?:、|$)|(?:が|けど)[^。]{4,}$|ただ|しかし|でも|残念|惜し|不満"
)
_PRAISED = re.compile(
    r"良[いかけ](?!な)|よか|美味し(?!く)|おいし(?!く)|最高|素敵|素晴|文句な|絶品|好き(?!では|じゃ)|良すぎ"
)
_PLACE_IN = {"前の人の": "前にご利用の方の", "前の客の": "前にご利用の方の", "前の宿泊者の": "前にご利用の方の"}
MOST = 2


def complaints(
    text: str, topics: Sequence[str], evidence: str | None = None, register: str = "review", industry: str = ""
) -> list[Complaint]:
    """At most two failures of `text`, the most concrete first; one of the strongest topic when none is recognised."""
    plain = _NOISE.sub(" ", unicodedata.normalize("NFKC", text))
    found = _by_frames(plain)
    weak = [one for one in found if one.clause in _bank()["weak"]]
    found = [one for one in found if one not in weak]
    if len(found) < MOST:
        taken = {complaint.topic for complaint in found}
        found += [one for one in _by_predicates(plain) if one.topic not in taken and not _near(one, found)]
    for one in [] if len(found) >= MOST else named_complaints(plain, topics, evidence, register, industry):
        if (
            len(found) < MOST
            and not (found and one.plain)
            and not any(_one_breath(plain, one, known) for known in found)
        ):
            found.append(one)
    found += [one for one in weak if not _near(one, found)]
    if len(found) > 1:
        return _led(found[:MOST], topics)
    if not found and (quoted := (evidence and _quoted(evidence, topics)) or _quoted(plain, topics)):
        found = [quoted]
    if not found:
        topic = topics[0] if topics else "other"
        found = [Complaint(_bank()["topics"].get(topic, _bank()["topics"]["other"]), topic, 0, certain=False)]
    return found[:MOST]


def _led(found: list[Complaint], topics: Sequence[str]) -> list[Complaint]:
    """The model's strongest topic leads when the frames found it among others; what has only a name follows."""
    return sorted(
        found,
        key=lambda one: (
            one.clause in _bank()["weak"],
            bool(one.named),
            topics.index(one.topic) if one.topic in topics else 9,
            one.start,
        ),
    )


def _by_frames(text: str) -> list[Complaint]:
    found: list[Complaint] = []
    likely = _frames("frames").likely(text)
    for sentence in _SENTENCE.finditer(text):
        if _CONTRAST.search(sentence[0]) or (
            (_FINE.search(sentence[0]) or FINE.search(sentence[0])) and not _TURN.search(sentence[0])
        ):
            continue
        for frame in likely:
            match = frame.match(sentence[0], sentence[0])
            if match is None or _PRAISED.search(match[0]) or _NOT_SO.match(sentence[0][match.end() :]):
                continue
            start = sentence.start() + match.start()
            clause = fill(frame.say, lambda name, match=match: _value(match, name))  # type: ignore[misc]
            complaint = Complaint(clause, frame.topic, start)
            if not any(_covers(one, complaint) for one in found):
                found.append(complaint)
                if len(found) == MOST + 1:
                    return found
    return found


def _one_breath(text: str, named: Complaint, known: Complaint) -> bool:
    """Whether a thing that only has a name belongs to a failure that is understood: one sentence, or one conduct."""
    if named.named in known.clause or named.topic == known.topic == "staff":
        return True
    first, last = sorted((named.start, known.start))
    return len(_SENTENCE.findall(text[first : last + 1])) < 2 and not known.named


def _covers(one: Complaint, other: Complaint) -> bool:
    """Whether both say the same thing: one topic, or one breath. The earlier line of the file is the more exact one."""
    near = abs(one.start - other.start)
    again = one.clause[-14:] == other.clause[-14:] or one.clause[:6] == other.clause[:6]
    return near < 8 or again or (one.topic == other.topic and (near < 30 or one.topic == "staff"))


def _by_predicates(text: str) -> list[Complaint]:
    found: list[Complaint] = []
    likely = _frames("predicates").likely(text)
    for sentence in _SENTENCE.finditer(text):
        for frame in likely:
            match = frame.find.search(sentence[0])
            if (
                match
                and not _PRAISED.search(match[0])
                and not _NOT_SO.match(sentence[0][match.end() :])
                and (thing := _thing(match["thing"]))
            ):
                clause = fill(frame.say, lambda name, m=match, t=thing: t if name == "thing" else _value(m, name))  # type: ignore[misc]
                found.append(Complaint(clause, frame.topic, sentence.start() + match.start()))
                break
    return found


def _near(one: Complaint, found: list[Complaint]) -> bool:
    return any(abs(one.start - other.start) < 24 for other in found)


def _quoted(text: str, topics: Sequence[str]) -> Complaint | None:
    """The customer's own sentence, word for word, as 「…」とのご指摘: the one that blames most; none that is rude."""
    best: tuple[int, str, int] | None = None
    for sentence in _SENTENCE.finditer(text):
        quote = _CONNECTIVE.sub("", sentence[0].strip()).strip("、, 　")
        blame = len(_BLAME.findall(quote))
        fits = _QUOTABLE.fullmatch(quote) and blame and not _RUDE.search(quote) and not _FINE.search(quote)
        if fits and (best is None or blame > best[0]):
            best = (blame, quote, sentence.start())
    if best is None:
        return None
    return Complaint(f"「{best[1]}」とのご指摘の件", topics[0] if topics else "other", best[2], quoted=True)


def _value(match: re.Match[str], name: str) -> str | None:
    groups = match.groupdict()
    if name == "at_when":
        at = groups.get("at")
        return None if not at else _bank()["at_when"].get(at, f"{at}で")
    if name == "when_do":
        return _mapped("when_do", groups.get("when"))
    if name == "src_from":
        return _mapped("src_from", groups.get("src"))
    if name == "place_in":
        place = groups.get("place")
        if not place:
            return None
        return _PLACE_IN.get(place) or f"{_polite(place)}に"
    if name == "smell":
        return {"タバコ": "煙草", "たばこ": "煙草", "かび": "カビ", "ドブ": "排水", "汗": "寝具"}.get(
            groups.get("smell") or "", groups.get("smell")
        )
    value = groups.get(name)
    return _polite(value) if value and name in ("thing", "who") else value


def _mapped(table: str, written: str | None) -> str | None:
    if not written:
        return None
    return next((said for key, said in _bank()[table].items() if written.startswith(key)), None)


def _polite(thing: str) -> str:
    things: dict[str, str] = _bank()["things"]
    return things.get(thing) or things.get(thing.removeprefix("お")) or thing


def _thing(written: str) -> str | None:
    """The polite name of a thing found before a particle, or None for what cannot be apologised for."""
    core = _LEAD.sub("", written)
    head = core.rsplit("の", 1)[-1]
    if (
        not core
        or head in read_phrases("things.ja.yaml")["people"]
        or core in _not_things()
        or head in _not_things()
        or re.fullmatch(r"[0-9A-Za-z]{1,2}|\d+.*" + ("" if "の" in core else "|[一-龠]"), head)
    ):
        return None
    if "の" in core:
        owner, thing = core.rsplit("の", 1)
        return thing if owner in _not_things() else f"{_polite(owner)}の{_polite(thing)}"
    return _polite(core)


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("complaints.ja.yaml")


@lru_cache(maxsize=1)
def _not_things() -> frozenset[str]:
    return frozenset(_bank()["not_things"]) | frozenset(read_phrases("things.ja.yaml")["never"])


@lru_cache(maxsize=2)
def _frames(kind: str) -> Frames:
    lines = _bank()[kind]
    if kind == "predicates":
        lines = [{**line, "find": "<N>" + line["find"]} for line in lines]
    return frames(lines, _bank()["macros"])
