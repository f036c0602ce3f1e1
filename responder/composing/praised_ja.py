"""A Japanese statement of praise as a reply thanks for it: 「音が良い」 is 「音の良さ」, 「駅からもすぐ」 「駅からの近さ」.

What was praised is a noun phrase before 「についてのお言葉」; what happened to people is a whole clause before 「とのこと」. A
statement that is no such thing with certainty is not told. The words stand in config/packs/phrases/praise.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from responder.composing.fit_ja import name_of, respectful, trimmed, unfit
from responder.composing.frames import read_phrases
from responder.composing.grammar_ja import Word, clauses, plain
from responder.composing.lexicon_ja import felt_of, holds, listed, spelt
from responder.composing.own_words_ja import prepared
from responder.composing.phrase_ja import MARKS, NOT, head_of, norms, subject, untailed, unwrapped

LONGEST = 20  # characters of a name, or of a clause, that are told

_NOMINAL = ("名詞", "接尾辞", "接頭辞", "形状詞")
_ROWS = {"カ": "き", "ガ": "ぎ", "サ": "し", "タ": "ち", "ナ": "に", "バ": "び", "マ": "み", "ラ": "り", "ワ": "い"}
_WHOLE = re.compile(
    r"(?:さ|感|み|心地|具合|方|味|力|ぶり|ばえ|加減|雰囲気|応対|対応)$"
)  # names that need no quality behind them
_ITS = re.compile(r"(?<=[^、で])[はも](?=[^はもがを]*$)")
_STEPS = ("の", "こと", "事", "点", "ところ", "所")
_HELPS = frozenset(["呉れる", "下さる", "頂く", "貰う", "頂ける", "貰える"])


@dataclass(frozen=True, slots=True)
class Thanked:
    """`said`: a noun phrase, or (`clause`) a clause in the plain form."""

    said: str
    clause: bool = False


@lru_cache(maxsize=16)
def thanked(statement: str) -> Thanked | None:
    """What is thanked for, by the words of one statement; None where nothing can be said of it."""
    said = _faultless().sub("最高", trimmed(prepared(statement)).strip(" 　、。,.!！♪…・「」"))
    for find, line in _lines():
        if (match := find.search(said)) is not None:
            told = str(line["say"]).format(**{key: value or "" for key, value in match.groupdict().items()})
            return Thanked(told, "clause" in line) if told else None
    parts = [one for one in clauses(said) if one.link not in ("if", "but") and not one.asked]
    run = [word for one in parts for word in one.words]
    helped = not _HELPS.isdisjoint(norms(run))
    if helped or (_first(_who(), said) and _first(_manners(), said)):
        return _kindness(said, run)
    names = list(dict.fromkeys(name for one in parts for body in _split(one.words) if (name := _name(body))))[:2]
    if len(names) > 1 and any(name.endswith("点") for name in names):
        names = names[:1]
    return Thanked("と".join(names)) if names else None


def _kindness(said: str, run: Sequence[Word]) -> Thanked | None:
    """What somebody did: 「スタッフの丁寧な応対」, 「駅員の心配り」; None where it was none of ours."""
    who = _first(_who(), said)
    if who is None and (holds(run, "persons", "companions") or _doer(run)):
        return None
    manner = _first(_manners(), said)
    did = f"{manner}応対" if manner else "心配り"
    return Thanked(f"{who or 'スタッフ'}の{did}")


def _first(lines: Sequence[tuple[re.Pattern[str], str]], said: str) -> str | None:
    return next((say for find, say in lines if find.search(said)), None)


def _split(run: Sequence[Word]) -> Iterator[list[Word]]:
    """「丈夫で|洗濯もできる」: also behind a quality that goes on."""
    part: list[Word] = []
    for at, one in enumerate(run):
        if one.text == "で" and one.row == "助動詞-ダ" and run[at - 1].kind == "形状詞" and part:
            yield part
            part = []
        else:
            part.append(one)
    if part:
        yield part


def _doer(run: Sequence[Word]) -> bool:
    """Whether a thing does it: 「アプリが教えてくれる」."""
    return any(one.text == "が" and run[at - 1].kind in _NOMINAL for at, one in enumerate(run) if at)


def _name(given: list[Word]) -> str | None:
    body, pity = unwrapped(given)
    if pity or not body:
        return None
    while body and body[0].kind in ("助詞", "接続詞", "補助記号", "感動詞"):
        body = body[1:]
    if not body:
        return None
    head = head_of(body)
    glad = _of_glad(body, head)
    if glad is not None:
        return glad or None
    return _of_quality(body, head) or _of_verb(body, head) or _of_noun(body, head)


def _of_glad(body: list[Word], head: int) -> str | None:
    """「水洗いで済むのも助かる」, 「軽いところが気に入っている」: what stands before."""
    mark = next((at for at in range(head - 1, 0, -1) if body[at].text in ("が", "は", "も", "に", "、")), 0)
    if mark < 2 or body[mark - 1].text not in _STEPS or not _glad(body[mark + 1 :]):
        return None
    return _name(body[: mark - 1]) or _point(body[: mark - 1]) or ""


def _point(body: list[Word]) -> str | None:
    """「水洗いで済む点」: what is so, where it is no quality."""
    if sum(one.text in MARKS and one.kind == "助詞" for one in body) > 1:
        return None
    said = respectful(_ITS.sub("を" if _can(body) else "が", plain(body)))
    if body[-1].text == "な":
        said = respectful("".join(one.text for one in body))
    able = _can(body) or body[-1].text == "な" or body[head_of(body)].norm in ("済む", "有る")
    fits = able and 4 <= len(said) <= LONGEST and not holds(body, "persons", "bad") and not unfit(said)
    return f"{said}点" if fits else None


def _can(body: Sequence[Word]) -> bool:
    """Whether it says that something can be done: 「洗える」, 「変えられる」, 「調整できる」."""
    core = body[head_of(body)]
    able = core.kind == "動詞" and core.row.startswith("下一段") and core.norm[-1:] in tuple("うくぐすつぬぶむ")
    return able or any(one.norm in ("出来る", "られる") for one in body[head_of(body) :])


def _of_quality(body: list[Word], head: int) -> str | None:
    """「音が良い」, 「ボタンも押しやすい」, 「操作が簡単」."""
    core, tail = body[head], body[head + 1 :]
    easy = next((one for one in tail if one.norm == "易い"), None)
    if any(one.norm in NOT for one in tail) or core.norm in NOT:
        return None
    if easy is not None:
        before = "".join(one.text for one in body[head:] if one.start < easy.start)
        quality: str | None = before + "やすさ"
    else:
        quality = _quality(core)
    if quality is None:
        return None
    if core.norm == "良い" and head > 1 and body[head - 1].text in ("て", "で") and easy is None:
        return _of_quality(body[: head - 1], head - 2)  # 「厚くて良い」.
    about = subject(body, head)
    if about is None:
        return quality if easy is not None or core.norm in spelt(_bank()["alone"]) else None
    thing = _thing(about.phrase)
    if thing is None:
        return None
    if about.mark in ("から", "に"):
        return f"{thing}{'からの' if about.mark == 'から' else 'への'}{quality}" if quality == "近さ" else None
    if about.mark not in (*MARKS, ""):
        return quality if easy is not None else None
    before = "".join(one.text for one in body if about.phrase[-1].end <= one.start < core.start)
    if "ちょうど" in before or "丁度" in before or core.norm in ("程好い", "丁度良い"):
        return f"ほどよい{thing}"
    if _bank()["before"].get(core.norm):
        return f"{_bank()['before'][core.norm]}{thing}"
    return thing if (quality in ("", "良さ") and _WHOLE.search(thing)) or not quality else f"{thing}の{quality}"


def _quality(core: Word) -> str | None:
    """「良さ」, 「丁寧さ」; empty where only the thing is named (「最高」), None where it is no quality."""
    known = _qualities().get(core.norm)
    if known is not None:
        return known
    if core.norm in spelt(_bank()["only_named"]):
        return ""
    if core.kind == "形容詞" and not holds([core], "bad") and core.base.endswith("い"):
        return core.base[:-1] + "さ"
    return None


def _of_verb(body: list[Word], head: int) -> str | None:
    """「汚れが落ちる」, 「一人で運べる」, 「へたらない」."""
    core, tail = body[head], body[head + 1 :]
    verb = core.kind == "動詞" or (tail and tail[0].norm in ("為る", "出来る"))
    if not verb and core.norm not in NOT:
        return None
    about = subject(body, head)
    thing = _thing(about.phrase) if about is not None and about.mark in (*MARKS, "") else None
    denied = any(one.norm in NOT for one in tail)
    if core.norm in NOT:
        return f"{thing}のなさ" if thing and holds(about.phrase if about else (), "harm") else None
    if denied:
        hardly = core.norm in spelt(_bank()["hardly"]) or felt_of({core.norm}, core.base) == "trouble"
        if hardly and core.kind == "動詞" and (about is None or about.mark in (*MARKS, "")):
            return (f"{thing}の" if thing else "") + _stem(core) + "にくさ"
        return thing if core.norm in spelt(_bank()["no_fault"]) else None
    for line in _bank()["verbs"]:
        if core.norm in spelt(line["words"]) and (thing or "{thing}" not in line["say"]):
            return str(line["say"]).format(thing=thing or "")
    return _point(body) if _can(body) and about is not None and about.mark in (*MARKS, "を") else None


def _of_noun(body: list[Word], head: int) -> str | None:
    """「焼きたてのパン」, 「照明の落とし方」: a noun with what is said of it."""
    core = body[head]
    run = untailed(body)
    if core.kind not in ("名詞", "接尾辞") or not run or run[-1] is not core:
        return None
    if any(one.text in MARKS and one.kind == "助詞" for one in run):
        about = subject(body, head)
        return _thing(about.phrase) if about is not None and core.norm in spelt(_bank()["only_named"]) else None
    if core.norm in spelt(_bank()["wholes"]):
        return _name(_untied(run, head))
    said = respectful("".join(one.text for one in run) + "が").removesuffix("が")
    vague = core.norm in listed("vague") or core.use == "サ変可能" or holds(run, "persons") or unfit(said)
    tied = any(one.text in ("の", "な") or one.kind in ("形容詞", "動詞") for one in run[:-1])
    most = LONGEST if all(one.kind != "動詞" for one in run) else LONGEST - 5
    return said.replace("、", "や") if tied and 2 <= len(said) <= most and not vague else None


def _untied(run: Sequence[Word], head: int) -> list[Word]:
    """What is said of the noun at `head`: 「清潔感のある|ホテル」 is 「清潔感がある」."""
    before = list(run[:head])
    if before and before[-1].text in ("な", "の"):
        before.pop()
    return [one._replace(text="が") if one.text == "の" and one.kind == "助詞" else one for one in before]


def _thing(phrase: Sequence[Word]) -> str | None:
    while phrase and (phrase[0].use == "副詞可能" or phrase[0].norm in ("時", "の")):
        phrase = phrase[1:]
    if phrase and phrase[-1].text in ("自体", "そのもの"):
        phrase = phrase[:-1]
    if not phrase or holds(phrase, "persons") or norms(phrase) & spelt(_bank()["not_ours"]):
        return None
    text = "".join(one.text for one in phrase)
    if (who := _first(_who(), text)) is not None:
        return f"{who}の応対"
    manner = len(phrase) > 1 and phrase[-2].kind == "動詞"
    vague = phrase[-1].norm in spelt(_bank()["wholes"]) or (phrase[-1].norm in listed("vague") and not manner)
    return None if vague else name_of(phrase)


def _glad(run: Sequence[Word]) -> bool:
    return not norms(run).isdisjoint(spelt(_bank()["glad"])) and not any(one.norm in NOT for one in run)


def _stem(verb: Word) -> str:
    """Before 「にくさ」: 「へたり」, 「疲れ」."""
    if verb.row.startswith("五段"):
        return verb.base[:-1] + _ROWS.get(verb.row[3:4], "り")
    return verb.base[:-1]


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    bank: dict[str, Any] = read_phrases("praise.yaml")["told"]
    return bank


@lru_cache(maxsize=1)
def _lines() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    return tuple((re.compile(line["find"]), line) for line in _bank()["lines"])


@lru_cache(maxsize=1)
def _faultless() -> re.Pattern[str]:
    return re.compile(_bank()["faultless"])


@lru_cache(maxsize=1)
def _who() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(find), name) for find, name in _bank()["who"].items())


@lru_cache(maxsize=1)
def _manners() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(find), how) for find, how in _bank()["manners"].items())


@lru_cache(maxsize=1)
def _qualities() -> dict[str, str]:
    return {norm: quality for written, quality in _bank()["qualities"].items() for norm in spelt(written)}
