"""The quality that a Japanese clause praises, as a noun phrase: 「ボタンも押しやすい」 is 「ボタンの押しやすさ」."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from responder.composing.frames import read_phrases
from responder.composing.japanese.fit import name_of, respectful, trimmed, unfit
from responder.composing.japanese.grammar import Word, plain, untailed
from responder.composing.japanese.lexicon import felt_of, holds, listed, spelt
from responder.composing.japanese.phrase import MARKS, NOT, Subject, head_of, norms, phrase_before, subject, unwrapped

LONGEST = 18  # characters of a name

_ROWS = {"カ": "き", "ガ": "ぎ", "サ": "し", "タ": "ち", "ナ": "に", "バ": "び", "マ": "み", "ラ": "り", "ワ": "い"}
_WHOLE = re.compile(
    r"(?:さ|感|み|心地|具合|方|味|力|ぶり|ばえ|加減|雰囲気|応対|対応|性)$"
)  # need no quality behind them
_ITS = re.compile(r"(?<=[^、でにと])[はもを](?=[^はもがを]*$)")
_VERY = ("とても", "とっても", "大変", "非常に", "すごく", "凄く", "かなり", "結構", "本当に")
_ENJOYED = ("楽しむ", "楽しめる", "過ごす", "過ごせる")  # by people: a whole clause
_ONE_SIGN = "味音色形量字紙柄幅湯声布糸袋箱蓋棚庭話曲歌絵"
_THEY = ("方", "方々", "皆さん", "皆さま", "皆様", "人", "対応", "応対", "接客", "態度")
_JUST_RIGHT = re.compile(r"(?:ちょうど|丁度)(?:い|良|よ)い([^のが、]{2,8})$")
_STRANGE = ("「", "『", "など", "って", "今回", "これ", "それ")
_STEPS = ("の", "こと", "事", "点", "ところ", "所")
_CLEARLY = ("良い", "好い", "最高")


def quality_of(run: Sequence[Word]) -> str | None:
    """The noun phrase; None where the clause is no praise of a thing, or not with certainty."""
    body, pity = unwrapped(_appearance(run))
    while body and body[0].kind in ("助詞", "接続詞", "補助記号", "感動詞", "空白"):
        body = body[1:]
    while body and body[-1].kind in ("副詞", "接続詞", "補助記号") and len(body) > 1:
        body = body[:-1]  # 「朝食も美味しく|また」.
    if pity or not body:
        return None
    head = head_of(body)
    if (name := _of_glad(body, head)) is None:
        name = _of_quality(body, head) or _of_verb(body, head) or _of_noun(body, head)
    return name if name and (len(name) > 1 or name in _ONE_SIGN) else None


def _appearance(run: Sequence[Word]) -> list[Word]:
    """「見た目」 as one noun: the dictionary reads it as 「見た|目」."""
    words = list(run)
    for at in range(len(words) - 2, 0, -1):
        if [one.text for one in words[at - 1 : at + 2]] == ["見", "た", "目"]:
            whole = words[at + 1]._replace(text="見た目", base="見た目", norm="見た目", start=words[at - 1].start)
            words[at - 1 : at + 2] = [whole]
    return words


def _of_glad(body: list[Word], head: int) -> str | None:
    """「水洗いで済むのも助かる」, 「軽いところが気に入っている」: what stands before; None where it is not so said."""
    mark = next((at for at in range(head, 0, -1) if _marks(body[at])), 0)
    glad = norms(body[mark + 1 :])
    if mark < 2 or body[mark - 1].text not in _STEPS or body[head].norm not in spelt(_bank()["glad"]):
        return None
    before = body[: mark - 1]
    return ("" if any(one in glad for one in NOT) else quality_of(before) or _point(before)) or ""


def _marks(one: Word) -> bool:
    return one.kind == "助詞" and one.text in ("が", "は", "も", "に")


def _point(body: Sequence[Word]) -> str | None:
    """「水洗いで済む点」: what is so, where it is no quality."""
    core = body[head_of(body)]
    able = _can(body) or body[-1].text == "な" or core.norm in ("済む", "有る")
    strange = any(one.text in _STRANGE or one.norm in (*NOT, "なし") for one in body) or core.norm in _ENJOYED
    if not able or strange or sum(one.text in (*MARKS, "を") and one.kind == "助詞" for one in body) > 1:
        return None
    said = "".join(one.text for one in body) if body[-1].text == "な" else _ITS.sub("が", plain(body))
    said = respectful(trimmed(said)).removeprefix("とても")
    return f"{said}点" if 4 <= len(said) <= LONGEST and not holds(body, "persons", "bad") and not unfit(said) else None


def _can(body: Sequence[Word]) -> bool:
    """Whether something can be done: 「洗える」, 「変えられる」, 「調整できる」."""
    head = head_of(body)
    core = body[head]
    able = core.kind == "動詞" and core.row.startswith("下一段") and core.norm[-1:] in tuple("うくぐすつぬぶむ")
    return able or any(one.norm in ("出来る", "られる") for one in body[head:])


def _of_quality(body: list[Word], head: int) -> str | None:
    """「音が良い」, 「ボタンも押しやすい」, 「操作が簡単」."""
    core, tail = body[head], body[head + 1 :]
    easy = next((one for one in tail if one.norm == "易い" or (one.norm == "難い" and _better_not(core))), None)
    if core.norm in NOT or any(one.norm in NOT for one in tail):
        return _faultless(body, head)
    led = next((at for at in range(head - 1, 0, -1) if body[at].kind != "副詞"), 0)
    if core.norm in _CLEARLY and led and body[led].text in ("て", "で") and easy is None:
        why, about = body[:led], subject(body, head)  # 「厚くて良い」, 「シンプルでとても良い」.
        return _of_quality(why, head_of(why)) or (_thing(about) if about is not None and about.mark in MARKS else None)
    if easy is not None and easy.norm == "易い" and felt_of({core.norm}, core.base):
        return None  # 「滑りやすい」.
    quality = _ease(body[head:], easy) if easy else _quality(core)
    if quality is None:
        return None
    about = subject(body, head)
    if about is not None and about.phrase[-1].norm in spelt(_bank()["wholes"]):
        about = None  # 「値段のわりに軽い」, 「商品は軽い」.
    if about is not None:
        about = _with_first(body, about)
    if about is None:
        enough = easy is not None or core.norm in spelt(_bank()["alone"])
        return _bank()["unnamed"].get(quality, quality) if enough else None
    thing = _thing(about)
    if thing is None or about.mark not in (*MARKS, ""):
        near = quality == "近さ" and thing and {"から": "からの", "に": "への"}.get(about.mark)
        return f"{thing}{near}近さ" if near else quality if easy is not None and about.mark not in MARKS else None
    between = [one for one in body if about.phrase[-1].end <= one.start < core.start]
    return _of_thing(thing, quality, core, between)


def _ease(run: Sequence[Word], easy: Word) -> str:
    """「押しやすさ」, 「掃除のしやすさ」."""
    last = max((at for at, one in enumerate(run) if one.sub == "接続助詞" and one.start < easy.start), default=-1)
    run = run[last + 1 :]  # 「大きくて|見やすい」.
    before = (("の" if one.kind == "助詞" else one.text) for one in run if one.start < easy.start)
    return "".join(before) + ("やすさ" if easy.norm == "易い" else "にくさ")


def _better_not(verb: Word) -> bool:
    """Whether it is good if that does not happen: 「汚れが付きにくい」, 「疲れない」."""
    trouble = felt_of({verb.norm}, verb.base) == "trouble" and verb.norm != "困る"
    return trouble or verb.norm in spelt(_bank()["hardly"])


def _with_first(body: list[Word], about: Subject) -> Subject:
    """「夕食と朝食は美味しい」: both are named."""
    at = body.index(about.phrase[0])
    both = about.mark == "も" and at > 1 and body[at - 1].text == "も"  # 「朝食も夕食も」.
    if at < 2 or body[at - 1].kind != "助詞" or not (both or body[at - 1].text in ("と", "や")):
        return about
    first, tie = phrase_before(body, at - 1), body[at - 1]._replace(text="や") if both else body[at - 1]
    return Subject((*first, tie, *about.phrase), about.mark, about.start) if first else about


def _faultless(body: list[Word], head: int) -> str | None:
    """「味は申し分ない」, 「香りも悪くない」: the thing of which a fault is denied."""
    about = subject(body, head)
    denied = body[head] if body[head].norm not in (*NOT, "有る") else body[head - 1]
    if denied.norm not in spelt(_bank()["no_fault"]):
        return None
    if about is not None and denied in about.phrase:
        about = subject(body, body.index(about.phrase[0]))  # 「性能に問題はない」.
        return _thing(about) if about is not None else None
    return _thing(about) if about is not None and about.mark in MARKS else None


def _of_thing(thing: str, quality: str, core: Word, between: Sequence[Word]) -> str | None:
    said = "".join(one.text for one in between if one.kind != "助詞")
    if "やすく" in said:
        return f"{thing}の{said.split('やすく')[0]}やすさ"  # 「字が読みやすくきれい」.
    if "ちょうど" in said or core.norm in ("程好い", "丁度良い"):
        return f"ほどよい{thing}"
    if (before := _bank()["before"].get(core.norm)) is not None:
        return f"{before}{thing}"
    if not quality or thing.endswith("応対") or (quality in ("良さ", "おいしさ") and _WHOLE.search(thing)):
        return thing
    also = next((one for one in between if one.kind == "形容詞" and one.form.startswith("連用形")), None)
    first = _quality(also) if also is not None else None  # 「粒が小さく飲みやすい」.
    return f"{thing}の{first}と{quality}" if first else f"{thing}の{quality}"


def _quality(core: Word) -> str | None:
    """「良さ」, 「丁寧さ」; empty where only the thing is named (「最高」), None where it is no quality."""
    if (known := _known().get(core.norm)) is not None:
        return known
    if core.norm in spelt(_bank()["only_named"]):
        return ""
    if core.kind == "形容詞" and not holds([core], "bad") and core.base.endswith("い"):
        return core.base[:-1] + "さ"
    return None


def _of_verb(body: list[Word], head: int) -> str | None:
    """「エアコンが効く」, 「一人で運べる」, 「へたらない」, 「歪みもない」."""
    core, tail = body[head], body[head + 1 :]
    about = subject(body, head)
    marked = about is not None and about.mark in (*MARKS, "")
    thing = _thing(about) if about is not None and marked else None
    if core.norm in NOT or (core.norm == "有る" and any(one.norm in NOT for one in tail)):
        said = about.phrase if about is not None and marked else ()
        harm = holds(said, "harm") and norms(said).isdisjoint(spelt(_bank()["no_fault"]))
        return "".join(one.text for one in said) + "のなさ" if harm else None
    if core.kind != "動詞" and not (tail and tail[0].norm in ("為る", "出来る")):
        return None
    if any(one.norm in NOT for one in tail):
        if not _better_not(core) or core.kind != "動詞" or not (about is None or marked):
            return None
        return (f"{thing}の" if thing else "") + _stem(core) + "にくさ"
    if any(one.sub == "終助詞" and one.text in ("か", "かな") for one in tail):
        return None  # 「ちょっと余裕があるかな」.
    if about is not None and holds(about.phrase, "harm"):
        return None  # 「指紋が少し付く」.
    liked = core.norm == "入る" and "気" in norms(body[:head])
    for line in _bank()["verbs"]:
        if ("気に入る" if liked else core.norm) in spelt(line["words"]):
            if (
                not liked
                and head
                and body[head - 1].text in line.get("of", "-")
                and (phrase := phrase_before(body, head - 1))
            ):
                thing = _thing(Subject(tuple(phrase), "を", phrase[0].start))
            if thing and not re.search(line.get("like", ""), thing):
                thing = None
            if thing or "{thing}" not in line["say"]:
                return str(line["say"]).format(thing=thing or "")
    return _point(body) if _can(body) and about is not None and about.mark in (*MARKS, "を") else None


def _of_noun(body: list[Word], head: int) -> str | None:
    """「焼きたてのパン」, 「照明の落とし方」: a noun with what is said of it."""
    core, run = body[head], untailed(body)
    if core.kind not in ("名詞", "接尾辞") or core.norm in _known() or not run or run[-1] is not core:
        return None
    marks = [at for at, one in enumerate(run) if one.text in MARKS and one.kind == "助詞"]
    if core.norm in spelt(_bank()["wholes"]) and head:
        return quality_of(_untied(run, head))
    if marks:
        about = subject(body, head)
        named = about is not None and core.norm in spelt(_bank()["only_named"])
        return _thing(about) if named and about is not None else None
    if (just := _JUST_RIGHT.search("".join(one.text for one in run))) is not None:
        return f"ほどよい{just[1]}"  # 「入れるのにちょうどいい大きさ」.
    spoken = "".join(one.text for one in run if one.text not in _VERY)
    said = respectful(trimmed(spoken) + "が").removesuffix("が")
    vague = core.norm in listed("vague") or core.use in ("サ変可能", "副詞可能") or holds(run, "persons") or unfit(said)
    vague = vague or any(one.form.startswith("仮定形") for one in run)
    vague = vague or core.text in ("付き", "おかげ", "お陰") or any(one.text in _STRANGE for one in run)
    vague = vague or core.norm in spelt(_bank()["only_named"]) or any(one.row == "助動詞-ダ" for one in run[:-2])
    tied = any(one.text in ("の", "な") or one.kind in ("形容詞", "動詞") for one in run[:-1])
    most = LONGEST if all(one.kind != "動詞" for one in run) else LONGEST - 4
    return said.replace("、", "や") if tied and 2 <= len(said) <= most and not vague else None


def _untied(run: Sequence[Word], head: int) -> list[Word]:
    """What is said of the noun at `head`: 「清潔感のある|ホテル」 is 「清潔感がある」."""
    before = list(run[:head])
    while (before and before[-1].text in ("な", "の")) or (before and before[-1].norm in _CLEARLY and len(before) > 2):
        before.pop()
    if len(before) > 2 and before[-1].kind == "形容詞" and before[-2].form.startswith("連体形"):
        before.pop()  # 「雰囲気のある|新しい|ホテル」.
    return [one._replace(text="が") if one.text == "の" and one.kind == "助詞" else one for one in before]


def _thing(about: Subject) -> str | None:
    easy = [at for at, one in enumerate(about.phrase[:-1]) if one.norm == "易い"]
    phrase = about.phrase[easy[-1] + 1 :] if easy else about.phrase  # 「使いやすく|充電(も十分)」.
    while phrase and (phrase[0].use == "副詞可能" or phrase[0].norm in ("時", "の")):
        phrase = phrase[1:]
    if phrase and phrase[-1].text in ("自体", "そのもの"):
        phrase = phrase[:-1]
    if not phrase or phrase[-1].norm in spelt(_bank()["own_body"]) or norms(phrase) & spelt(_bank()["not_ours"]):
        return None
    text = "".join(one.text for one in phrase)
    for find, who in _bank()["who"].items():
        if re.search(find, text):
            of_them = len(phrase) > 1 and phrase[-2].text == "の" and phrase[-1].text not in _THEY
            return f"{who}の{phrase[-1].text if of_them else '応対'}"
    manner = len(phrase) > 1 and phrase[-2].kind == "動詞"
    vague = phrase[-1].norm in spelt(_bank()["wholes"]) or (phrase[-1].norm in listed("vague") and not manner)
    if vague or holds(phrase, "persons"):
        return None
    last = max((at for at, one in enumerate(phrase) if one.text == "の"), default=-1)
    return name_of(phrase) or (name_of(phrase[last + 1 :]) if len(text) > LONGEST - 4 else None)


def _stem(verb: Word) -> str:
    """Before 「にくさ」: 「へたり」, 「疲れ」."""
    return verb.base[:-1] + (_ROWS.get(verb.row[3:4], "り") if verb.row.startswith("五段") else "")


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    return {norm: quality for written, quality in _bank()["qualities"].items() for norm in spelt(written)}


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    bank: dict[str, Any] = read_phrases("praise.yaml")["told"]
    return bank
