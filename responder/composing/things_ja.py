"""What a Japanese complaint names when no frame knows its sentence: the thing in the customer's noun, and what befell it.

Japanese writes its nouns in kanji and katakana and its verbs in hiragana: a run of the former before a particle is a
noun, and nothing else of the sentence is copied. What is said of it is ours (config/packs/phrases/things.ja.yaml).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from responder.composing.complaint import Complaint
from responder.composing.frames import read_phrases

_SENTENCE = re.compile(r"[^。！？!?\n♪☆★…]+")
_CLAUSE = re.compile(r"[^、]+(?:、|$)")
_SAID = re.compile(r"「[^」]*」|『[^』]*』|\([^)]*\)|（[^）]*）")
_PARTICLE = re.compile(
    r"(?:が|は|も|を|に|で(?!き)|と(?!り)|や(?!っ)|から(?!い)|まで|だけ|すら|さえ|しか|って|など|なんか|の|、|」|$|な[しく](?![いな])|なの|です|だっ|自体|すべて|全部|一つ)"
)
_SURU = re.compile(r"し|す[るぐ]?|さ[せれ]|せ|でき|出来|いただ|くだ")
_BLAME = re.compile(
    r"ない|なく|なかっ|なし|ません|ずに|ず(?:$|、)|せず|られず|悪|遅|残念|不満|ひど|酷|困|すぎ|過ぎ|壊|違|間違|忘れ|雑|汚|臭|うるさ|狭|古|硬|固|冷|ぬる|高い|高く|少な|足り|がっかり"
    r"|微妙|不便|不親切|不安|しつこ|面倒|勝手|放置|つら|辛|悲し|恥|断ら|分から|わから|消え|止ま|言われ|させられ|だけ|ばかり|いちいち|薄い|まだ|一点張り|羽目|誤作動|つながら|鳴|泣|不可"
    r"|やっと|ようやく|定型|惜し|大変|急に|突然|ストレス|待た|怖|こわ|危|小さ|大きすぎ|重|やり直し|取れ|漏れ|抜け|欠|破|割れ|傷|焦げ|裏切|別の|聞こえ|聞き返|増え|音沙汰|間に合|知らん|効きすぎ|逃し|やっと|ダメ|だめ|エラー|チクチク|弱く|乾か|油っぽ|厚く|遅く|暑|寒|圧を|戻ってこ|戻ってき|過ぎて|つぶれ|残し|丸見え|低く|定価|身に覚え|往復|どっち|そっけ|態度|無視|舌打|怒|睨|急か|呼び捨て"
)
FINE = re.compile(
    r"良かった|よかった|満足(?!で)|ありがと|素晴|最高|おいし|美味し|文句なし|丁寧|きれい|綺麗|素敵|可愛|かわい|好き|絶品|感動|助か|問題なか|問題なく|楽し|便利|嬉し|親切|重宝|悪くな|悪い人では|笑顔|感じ(?:が|の)良|気持ちよ|優し|ほっこり|神(?:。|$)|大満足|快適|ぴったり|問題あり(?:ま)?せん|きちんとし"
)
_TURN = re.compile(r"(?:です|ます|ました|でした|だ|だった|い|た)(?:が|けど|けれど|けれども|のに)、|ものの、|だけに、")
_WISH = re.compile(
    r"(?:ある|できる|なる|増える|選べる)と(?:助か|嬉し|うれし|いい|良い|よい|ありがた)|(?:て|で)(?:ほしい|欲しい|ください|下さい|いただきた|もらいた)|べき|たら星|と思います$"
)
_ASKED = re.compile(r"欲を言えば|(?:ある|できる|なる|増える|選べる)と|ように")
MOST = 2


@dataclass(frozen=True, slots=True)
class _Named:
    """A noun of the text: how it is said in public, where it stands, its sentence, how likely it is what went wrong."""

    said: str
    written: str
    start: int
    sentence: str
    worth: float


def named_complaints(
    text: str, topics: Sequence[str], evidence: str | None, register: str, industry: str = ""
) -> list[Complaint]:
    """At most two failures by the things they are about, the likeliest first; empty when nothing is named."""
    found: list[_Named] = sorted(_named(text, topics, evidence, industry), key=lambda one: (-one.worth, one.start))
    if not found or found[0].worth < 3:
        return []
    chosen = [found[0]]
    for one in found[1:]:
        if (
            not _says_how(one, topics)
            or one.worth < 4
            or one.sentence == chosen[0].sentence
            or one.written in chosen[0].written
        ):
            continue
        chosen.append(one)
        break
    complaints: list[Complaint] = []
    for one in chosen[:MOST]:
        clause = _clause(one, topics, register)
        if clause not in [known.clause for known in complaints]:
            topic = "staff" if one.written in _bank()["people"] else topics[0] if topics else "other"
            complaints.append(Complaint(clause, topic, one.start, named=one.said, plain=not _says_how(one, topics)))
    return complaints


def _clause(one: _Named, topics: Sequence[str], register: str) -> str:
    person = one.written in _bank()["people"]
    if (effect := _effect(one, topics)) is not None:
        return effect.format(thing=one.said)
    by_topic: dict[str, str] = _bank()["by_topic"]
    say = _bank()["people_say"] if person else by_topic.get(topics[0] if topics else "other", by_topic["other"])
    said = str(say).format(thing=one.said)
    return said.replace("いたしましたこと", "しておりますこと") if register == "app" else said


def _says_how(one: _Named, topics: Sequence[str]) -> bool:
    """Whether more is known than the name: how it went wrong."""
    return one.written in _bank()["people"] or _effect(one, topics) is not None


def _effect(one: _Named, topics: Sequence[str]) -> str | None:
    person = one.written in _bank()["people"]
    for find, effect in _effects():
        fits = effect.get("people") if person else not effect.get("topics") or set(effect["topics"]) & set(topics[:3])
        if fits and find.search(one.sentence):
            return str(effect["say"])
    return None


def _named(text: str, topics: Sequence[str], evidence: str | None, industry: str) -> Iterator[_Named]:
    for sentence in _SENTENCE.finditer(text):
        plain = _SAID.sub(lambda quote: "〇" * len(quote[0]), sentence[0])
        if (turn := _TURN.search(plain)) is not None and FINE.search(plain[: turn.end()]):
            plain = "〇" * turn.end() + plain[turn.end() :]  # 「…は好きですが、」: what follows went wrong.
        blame = len(_BLAME.findall(plain)) - 1.5 * len(FINE.findall(plain))
        if _WISH.search(sentence[0].strip()):
            blame += 1 if _ASKED.search(sentence[0]) else 0
        if blame < 0 or (blame == 0 and FINE.search(plain)):
            continue
        decided = 1.0 if evidence and (sentence[0].strip() in evidence or evidence in sentence[0]) else 0.0
        for part in _CLAUSE.finditer(plain):
            if FINE.search(part[0]) and not _BLAME.search(part[0]):
                continue
            near = 1.0 if _BLAME.search(part[0]) else 0.0
            for chain in _chain().finditer(part[0]):
                noun = _noun(chain, part[0], industry)
                if noun is not None:
                    said, worth = noun
                    start = sentence.start() + part.start() + chain.start()
                    worth += near + decided + min(blame, 3) * 0.5 + _heard(chain[0], topics)
                    yield _Named(said, chain[0], start, sentence[0], worth)


def _heard(chain: str, topics: Sequence[str]) -> float:
    """More for a noun of the topics that the model hears, the strongest first."""
    for rank, topic in enumerate(topics[:3]):
        if topic in _ends() and _ends()[topic].search(chain):
            return 1.8 - 0.5 * rank
    return 0.0


def _noun(chain: re.Match[str], part: str, industry: str) -> tuple[str, float] | None:
    """The chain as it is said in public and its worth; None for what is no thing of ours."""
    after = part[chain.end() :]
    particle, suru = _PARTICLE.match(after), _SURU.match(after)
    if particle is None and suru is None:
        return None
    bank = _bank()
    if chain[0] in bank["people"]:
        here = particle is not None and particle[0] == "で"  # 「窓口では」: the place, not the person.
        return (f"{bank['people'][chain[0]]}の応対", 5.0) if _RUDE.search(part) and not here else None
    tokens = chain[0].split("の")
    if chain.start() and part[chain.start() - 1].isdigit():
        tokens = tokens[1:]  # 「3年分の日記」: what was counted is no part of it.
    if not tokens or tokens[-1] in bank["people"]:
        return None
    head = _LEADS.sub("", tokens[-1])
    bare = head.removeprefix("お").removeprefix("ご")
    short = len(bare) < 2 and len(tokens) < 2 and bare not in bank["single"] and head not in bank["kana"]
    if head in _never() or bare in _never() or short:
        if len(tokens) < 2 or tokens[-2] not in _nouns():
            return None
        tokens = tokens[:-1]  # 「ドライヤーの風」: the thing stands for what it does.
        head = bare = tokens[-1]
    if bare in bank["transport"] and industry not in ("", "transport"):
        return None
    ended = any(end.search(head) for end in _ends().values()) and (len(bare) > 1 or len(tokens) > 1)
    known = ended or head in bank["kana"] or _known_end().search(bare) is not None
    plain = suru is None and len(bare) >= 3 and not re.fullmatch(r"[A-Za-z.\-]+", head)
    if not known and not plain:
        return None
    owner = _owner(tokens[:-1])
    said = (f"{owner}の" if owner else "") + _polite(head)
    worth = (3.0 if known else 1.2) + (0.6 if owner else 0.0) + (0.4 if len(bare) > 3 else 0.0)
    if particle is not None:
        worth += 0.8 if particle[0] in ("が", "は", "も", "だけ", "すら") else 0.4 if particle[0] == "を" else 0.0
    return said, worth - (0.8 if suru is not None and particle is None else 0.0) - (1.0 if bare in _PALE else 0.0)


def _owner(tokens: list[str]) -> str:
    """The word before の: a relative with respect, a thing as it is, nothing for what names nothing."""
    if not tokens:
        return ""
    last = tokens[-1]
    if last in _bank()["owners"]:
        return str(_bank()["owners"][last])
    return "" if last in _never() or len(last) < 2 or last in _bank()["people"] else _polite(last)


def _polite(word: str) -> str:
    said: dict[str, str] = _bank()["polite"]
    things: dict[str, str] = read_phrases("complaints.ja.yaml")["things"]
    bare = word.removeprefix("お").removeprefix("ご") if len(word) > 2 else word
    return said.get(word) or said.get(bare) or (word if word != bare else things.get(word)) or word


# Words that are right but say little: another noun of the sentence is better.
_LEADS = re.compile(r"^(?:毎回|今回|前回|最近|突然|全部|結局|一番|追加|新|旧|別|当日|先日)(?=..)")
_PALE = frozenset(["対応", "説明", "案内", "電話", "メール", "連絡", "接客", "商品", "品物", "料金", "アプリ", "更新"])
_RUDE = re.compile(
    r"無視|睨|にら|怒|笑|舌打|ため息|溜息|タメ口|ため口|態度|口調|言い方|だけ|指さ|冷た|そっけ|素っ気|面倒くさ|めんどく|知らん|言われ|呼び捨て|横柄|暴言|急か|せかさ|大声|バカに|馬鹿に|謝|悪び|そのまま"
)


@lru_cache(maxsize=1)
def _chain() -> re.Pattern[str]:
    words = sorted([*_bank()["kana"], *_bank()["people"]], key=len, reverse=True)
    token = rf"(?:{'|'.join(map(re.escape, words))}|[お|ご]?(?:[一-龠々]+|[ァ-ヴー]{{2,}}|[A-Za-z][A-Za-z.\-]+)+)"
    return re.compile(rf"{token}(?:の{token}(?![のいくしさせけ]))*")


@lru_cache(maxsize=1)
def _effects() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    return tuple((re.compile(line["find"]), line) for line in _bank()["effects"])


@lru_cache(maxsize=1)
def _ends() -> dict[str, re.Pattern[str]]:
    return {topic: re.compile(end) for topic, end in _bank()["ends"].items()}


@lru_cache(maxsize=1)
def _never() -> frozenset[str]:
    return frozenset(_bank()["never"]) | frozenset(read_phrases("complaints.ja.yaml")["not_things"])


@lru_cache(maxsize=1)
def _known_end() -> re.Pattern[str]:
    """A known noun, alone or at the end of a longer word."""
    return re.compile(f"(?:{'|'.join(sorted(map(re.escape, _nouns()), key=len, reverse=True))})$")


@lru_cache(maxsize=1)
def _nouns() -> frozenset[str]:
    return frozenset(_bank()["nouns"])


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("things.ja.yaml")
