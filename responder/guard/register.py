"""The guard on the form of a reply: its language, its register, its length, and that it is no copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from responder.composing.variation import sentences
from responder.drafting.lengths import limit_of, measure
from responder.guard.finding import Context, Finding
from responder.guard.reasons import reason_finding
from responder.guard.tongue import cannot_be

_POLITE_END = re.compile(
    r"(?:です|ます|ました|ません|でした|でしょうか|でしょう|ますか|ませんか|ください|くださいませ|ませ|ましょう|存じます|ございます|いたします|すか|ように|まし|まして|です(?:ね|か)|ますよう|次第|拝|敬具|様|さま)[。！!？?」』）)\s]*$"
)

_PLAIN_MIDDLE = re.compile(
    r"(?:った|んだ|いた|した|きた|れた|えた|けた|だった|かった|である|だ|する|ない|思う|だろう|くれ|たい|しろ|いる|ある|なる|もらう|いく|れる|せる|える|める)[。！!]+$"
)

_HUMBLE = re.compile(r"させていただ")


def wrong_language(text: str, language: str, tongue: str) -> Iterator[Finding]:
    """An empty reply, or one in another language than the customer wrote. English is bearable to who writes neither."""
    if not text.strip():
        yield reason_finding("empty", "block", 0, len(text), tongue)
        return
    start = text[:240]
    if cannot_be(start, language) and (language == tongue or cannot_be(start, "en")):
        yield reason_finding("wrong_language", "block", 0, len(text), tongue)


def wrong_register(text: str) -> Iterator[Finding]:
    """Plain form in a polite Japanese reply, and させていただく more than once."""
    outside = re.sub(r"「[^」]*」|『[^』]*』", lambda quote: "「" + "々" * (len(quote[0]) - 2) + "」", text)
    for match in re.finditer(r"[^。！!？?\n]*[。！!]", outside):
        sentence = match[0].strip()
        if len(sentence) > 4 and _PLAIN_MIDDLE.search(sentence) and not _POLITE_END.search(sentence):
            yield reason_finding("plain_form", "block", match.start(), match.end(), "ja")
            break
    humble = list(_HUMBLE.finditer(text))
    if len(humble) > 1:
        yield reason_finding("too_humble", "block", humble[1].start(), humble[1].end(), "ja")


def too_long(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    """A reply over the site's limit, in the site's own unit."""
    limit = limit_of(context.source_kind)
    if measure(text, limit.unit) > limit.maximum:
        yield reason_finding("too_long", "block", 0, len(text), tongue)


@lru_cache(maxsize=4)  # asked again and again while one reply is composed; each keeps 50 texts
def _said(recent: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(sentences(one) for one in recent))


def copies(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    """A reply that repeats an earlier one on the same source, as a whole or but for one sentence."""
    if not context.recent:
        return
    mine = sentences(text)
    if len(mine & _said(context.recent)) < max(1, len(mine) - 1):
        return
    if any(text.strip() == one.strip() for one in context.recent):
        yield reason_finding("copy", "block", 0, len(text), tongue)
        return
    shared = max((len(mine & sentences(one)) for one in context.recent), default=0)
    if len(mine) >= 3 and shared >= len(mine) - 1:
        yield reason_finding("copy", "block", 0, len(text), tongue)
