"""An English complaint told back: the sentence that says most plainly what happened, with the persons exchanged.

"They took it off without a word" becomes "that we took it off without a word", "Was charged twice" "that you were charged
twice". What is said about staff is
never repeated as a fact: "for the way our driver treated your son".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from responder.composing.complaint import Complaint
from responder.composing.conduct_en import PEOPLE, conduct
from responder.composing.persons_en import exchanged

SENTENCE = re.compile(r"(?:[^.!?\n;…]|\.(?=\d)|(?<=\d)\.(?=\d)|(?<=\bDr)\.|(?<=\bMr)\.|(?<=\bMrs)\.|(?<=\bMs)\.)+")
_SPLIT = re.compile(
    r",? (?:but|and then|so|because|although|though|yet|which|while|whereas|except that)\b,? |, (?:and |then )?|\s+-+\s+|\s*(?:[–—]|:(?!\d))\s*| \(|\) | and (?=(?:I|we|they|the|then|nobody|no one|was|were|had|got|never|my|our|it|he|she|there|no|told|said|left|took|sent|charged|walked|you)\b)| (?:only )?to (?:find|discover|learn)(?: out)?(?: that)? ",
    re.I,
)
_LEADS = re.compile(
    r"^(?:(?:and|but|also|then|so|plus|honestly|unfortunately|sadly|shame|first(?: of all)?|first off|second(?:ly)?|however|basically|again|worse|to top it off"
    r"|to be honest|tbh|well|yes|ok|okay|btw|in the end|on top of that|overall|additionally|finally|even worse|worst of all|meanwhile|literally"
    r"|apparently|seriously|now|turns out(?: that)?|after that|still|only problem is(?: that)?|the only (?:problem|issue|downside) is(?: that)?|my only (?:complaint|gripe|niggle) is(?: that)?|i must say|i have to say)\b,? ?)+",
    re.I,
)
_FILLERS = re.compile(
    r"\b(?:literally|absolutely|totally|completely|honestly|actually|seriously|frankly|simply|just|really|super|like,|f\w*cking|bloody|damn|apparently|basically|obviously|i noticed (?:that )?|i found (?:out )?that|turns out)\b ?",
    re.I,
)
FAULT = re.compile(
    r"\b(?:not|never|no|nobody|none|nothing|neither|without|brok\w+|cold|dirty|late|wrong|missing|slow|loud|rude\w*|lost|stuck|stained|refus\w+|ignor\w+|fail\w*|forgot\w*|kept"
    r"|had to|waited|waiting|smell\w*|leak\w*|expired|no holes|crack\w*|damag\w*|delay\w*|barely|hardly|twice|error|crash\w*|out of|gone|kept taking|swallowed|destroyed|split|given away|reallocated|cancel\w*"
    r"|someone else|charged|overcharged|billed|instead of|different|undone|faulty|closed|locked|turned away|told to|was told|were told|sent back|disappear\w*|deleted|reset|wiped|vanish\w*|penalty|missed"
    r"|freez\w+|froze|white screen|blank|unreadable|misled|hidden|burnt|raw|stale|soggy|sticky|filthy|shut|cut off|disconnected|dropped|dripp\w*|mislabel\w*|redo|hopeless|early|made to|still on|in front of everyone|in the rain|nowhere|queue\w*|attempts|splash\w*|torn|ripped|scratch\w*|spill\w*|spilt)\b|n't\b",
    re.I,
)  # fmt: skip
_MILD = re.compile(
    r"\b(?:only|too|again|extra|off|still|hard|third time|second time|days?|weeks?|months?|hours?|minutes|mins|half|another|longer|late|waste\w*)\b|\dh\d",
    re.I,
)
GOOD = re.compile(
    r"\b(?:lovely|great|brilliant|excellent|kind|thorough|beautiful|gorgeous|amazing|perfect|delicious|wonderful|fine|nice|best|thank\w*|love\w*|happy|decent|good|friendly|helpful|clean|polite|well)\b",
    re.I,
)
_WISH = re.compile(
    r"\b(?:would|wish|hope|will|should|could|please|maybe|probably|i think|i guess|i suppose|i believe|if|understand|want\w*|going to|gonna|won't|wouldn't|shouldn't|want to|needs? to)\b",
    re.I,
)
_UNFIT = re.compile(
    r"\b(?:worst|disgust\w*|joke|scam\w*|thie\w+|fraud\w*|liars?|lying|lied|idiots?|stupid|moron\w*|hell|crap\w*|shit\w*|suck\w*|hate\w*|avoid|recommend\w*|stars?|review\w*|rating|lawyer|sue|money back|refunds?|compensat\w+|voucher|discount"
    r"|nightmare|garbage|trash|pathetic|ridiculous|horrible|terrible|awful|appalling|unacceptable|disgrac\w*|insult\w*|wtf|lol|clowns?|never again|won't be back|cheat\w*|steal\w*|stole|illegal|bastard\w*|daft|muppets?|utter)\b"
    r"|[\"“”$€£¥#@]|https?:|\b(?:free|gift)\b",
    re.I,
)  # fmt: skip
_THIRD = re.compile(
    r"^(?:he|she|it|this|that|these|those|which|who|what|there you|how|why|where|to|for|in|on|at|with|not|no idea|same|next|new|three|two|one)\b",
    re.I,
)
_OTHERS = re.compile(
    r"\b(?:kids?|children|friends?|parents|guests?|passengers?|people|others|neighbou?rs?|couple|family)\b", re.I
)
_OURS = re.compile(
    r"^(?:missed|forgot|charged|sent|delivered|broke|ruined|refused|ignored|billed|quoted|kept|promised|gave|messed|mixed|left (?:me|us)|put (?:me|us)|told (?:me|us)|made (?:me|us)|let (?:me|us)|never (?:called|rang|replied|answered|came|told|sent|arrived|showed))\b",
    re.I,
)
_YOURS = re.compile(
    r"^(?:waited|sat|stood|ordered|bought|booked|rang|called|phoned|emailed|asked|told|paid|arrived|turned up|went|tried|had|got|received|spent|queued|drove|walked|came|found|used|ended up|lost|couldn't|could not|can't|cannot|didn't get|never got|never received|never heard|still waiting|still have)\b",
    re.I,
)
_PASSIVE = re.compile(
    r"^(?:was|were|been|being|got|am|is) (?=(?:\w+ly )?(?:told|charged|given|sent|left|made|asked|refused|handed|put|kept|billed|moved|transferred|cut|promised|offered|quoted|seated|ignored|overcharged|turned|double|passed|disconnected|locked|logged)\b)",
    re.I,
)
_DONE_TO = re.compile(
    r"(?:still |then |got )?(?P<done>(?:made|forced|told|asked) to|charged|overcharged|disconnected|ignored|refused|cut off|turned away|kept waiting|left waiting|fobbed off|passed (?:from|around))\b",
    re.I,
)
_BARE = re.compile(
    r"^(?P<thing>(?!(?:Very|So|Really|Not|Totally|Always|Never|Just|Still|Also|Even|Quite|Too|Much|More|First|Absolutely|Sat|Then)\b)[A-Z][a-z]+(?: [a-z]+){0,2}?) (?P<done>swallowed|lost|cancelled|delayed|ignored|broken|missing|damaged|closed|locked|stuck|not working|never (?:came|arrived|showed up|turned up)|still not (?:fixed|working|here)|took|kept|was|were|arrived|came|went|left|had|stopped|doesn't|didn't|won't|\w{3,}ed(?= (?:on|onto|my|our|in|into|at|from|off|out|all|the|a|my|for|up|down|four|five|\d)))\b(?P<rest>.*)$"
)
# What somebody said word for word is not repeated; a single word in quotation marks is part of the sentence.
_SPEECH = re.compile(r"(?:[,:]? (?:and|with|saying|said))?(?<!\w) ?'[^']* [^']* [^']*'(?!\w)")
_WHEN = re.compile(
    r"^(?:at|in|on|after|by|from|during|for|since|upon)\b(?: [^\s,]+){1,6}?,? (?=(?:I|we|nobody|no one|they|the) (?:was|were|had|got|could|did|never|have|am|are|\w+ed)\b)",
    re.I,
)
_MINE = re.compile(
    r"(?:card|luggage|suitcase|bags?|order|parcel|package|room|table|food|booking|reservation|account|money|refund|coat|number|appointment|prescription|meal|baggage|passport)$"
)
# About somebody or something that is none of our doing.
_ASIDE = re.compile(
    r"(?:your (?:\w+ )?(?:is|are|has|have|lives?|likes?|loves?)\b|half (?:the|of)|there (?:was|were|is|are) (?:only )?(?:\w+ )?(?:people|of us)|you (?:had|have) no (?:drink|idea|choice|problem|complaints?))",
    re.I,
)
_DOCKED = re.compile(
    r"\b(?:took off|knocked off|docked|lost|minus|only reason|why (?:it's|not)|would (?:be|have been|give)) (?:a|one|an|for|five|5|it)?\b[^.!?]{0,14}\bstars?\b",
    re.I,
)
_SAID_SO = re.compile(r"\b(?:saying|said|says|say|claim\w*|told (?:me|us)|reads?|wrote|insist\w*|reckon\w*)\b", re.I)
CERTAIN = 1.4  # of one that is better than the mere name of its thing
WEIGHT = 1.3  # of a sentence that may be told back
MOST = 2


@dataclass(frozen=True, slots=True)
class _Told:
    clause: str
    start: int
    sentence: int
    worth: float
    topic: str | None = None
    named: str = ""


def turned_complaints(text: str, topics: Sequence[str], evidence: str | None, least: float = WEIGHT) -> list[Complaint]:
    """At most two failures told back, the plainest first; empty when none is worth at least `least`."""
    told = sorted(_told(text, evidence), key=lambda one: (-one.worth, one.start))
    chosen: list[_Told] = []
    for one in told:
        if one.worth < least or any(one.sentence == other.sentence for other in chosen):
            continue
        if one.topic == "staff" and any(other.topic == "staff" for other in chosen):
            continue
        if chosen and one.worth < 1.9:
            break
        chosen.append(one)
        if len(chosen) == MOST:
            break
    strongest = topics[0] if topics else "other"
    return [
        Complaint(one.clause, one.topic or strongest, one.start, named=one.named or ("" if one.topic else one.clause))
        for one in chosen
    ]


def _told(text: str, evidence: str | None) -> Iterator[_Told]:
    for number, sentence in enumerate(SENTENCE.finditer(text)):
        decided = 0.7 if evidence and sentence[0].strip() and sentence[0].strip() in evidence else 0.0
        decided += 1.5 if _DOCKED.search(sentence[0]) else 0.0
        if (behaviour := conduct(sentence[0])) is not None:
            yield _Told(behaviour, sentence.start(), number, 3.0 + decided, "staff")
        whole = sentence[0].strip()
        spliced = re.search(r", (?!and\b|but\b|although\b|when\b|because\b|not\b|which\b|who\b|or\b)", whole)
        parts = [(whole, 0)] if len(whole.split()) <= 18 and not spliced else []
        place = 0
        for part in _SPLIT.split(sentence[0]):
            at = sentence[0].find(part, place)
            place = max(place, at)
            if part.strip() != whole:
                parts.append((part.strip(), at))
        most = max((len(FAULT.findall(part)) for part, _ in parts if part != whole), default=-1)
        for part, at in parts:
            clause = _turned(part)
            if clause is None:
                continue
            worth = _worth(clause, part) + decided
            if part == whole and len(FAULT.findall(whole)) <= most:
                worth -= 0.8  # A part says as much.
            if part != whole and _SAID_SO.search(sentence[0][:at]):
                worth -= 1.5  # Somebody else said it.
            yield _Told(f"that {clause}", sentence.start() + at, number, worth)


def _worth(clause: str, part: str) -> float:
    words = clause.split()
    worth = (
        float(min(3, len(FAULT.findall(part))))
        + 0.5 * min(2, len(_MILD.findall(part)))
        - 1.2 * len(GOOD.findall(part))
        - 1.5 * len(_WISH.findall(part))
    )
    worth += 0.4 if 6 <= len(words) <= 18 else -0.6 if len(words) > 22 else 0.0
    worth += 0.3 if re.search(r"\d", clause) else 0.0
    worth -= 2.0 if _ASIDE.match(clause) else 0.0
    worth += min(4, sum(len(word) > 6 for word in words)) * 0.15
    if re.match(
        r"you (?:noticed|thought|took|know|understand|love|hope|asked|rang|called|felt|said|bought|ordered|booked|paid extra|updated|have updated|had updated|have asked|had asked|went|like|use|have been|am|picked|chose|keep|left|sent|paid|have paid|told|turned|got home|arrived|drove|have put|measured|cried|gave up|have given|had given|had gone|end up|ended up|now|raised|have (?:only )?been|can't look|work|live|had to laugh|don't (?:need|want|use|mind|usually)|do not (?:need|want))\b",
        clause,
    ):
        worth -= 1.4
    return worth


def _turned(part: str) -> str | None:
    """A part of a sentence with the persons exchanged and a subject, or None where it cannot stand alone."""
    if re.match(r"(?:when|once|after|before|until|since|while|if|unless)\b", part, re.I):
        return None  # It leans on another clause.
    bare = _SPEECH.sub("", part)
    said = " ".join(_FILLERS.sub("", _LEADS.sub("", bare)).split()).strip(" ,.-()")
    said = _WHEN.sub("", said)
    if (
        not 3 <= len(said.split()) <= 22
        or _UNFIT.search(said)
        or said.count("'") - len(re.findall(r"\w'\w", said)) == 1
    ):
        return None
    if _THIRD.match(said) or (re.search(r"\b(?:they|them|their)\b", said, re.I) and _OTHERS.search(said)):
        return None
    if re.search(r"\b(?:he|she|him|her|his|hers)\b", said, re.I) or PEOPLE.match(
        re.sub(r"^(?:the|a|your) ", "", said, flags=re.I)
    ):
        return None
    if re.search(
        r"\b(?:and|or|but|the|a|an|to|of|with|my|our|was|were|had|which|that|who|when|because|if|as|see|say|know|be|is|are)$",
        said,
        re.I,
    ):
        return None
    if re.match(
        r"(?:i|we|you|my|our|the|there|no|nobody|no one|nothing|both|half|all|every|none|some|your|they|someone|each|neither|(?:one|two|three|four|five|six|\d+) (?:of|out of)|[a-z]{3,}s (?:can|take|are|were|never|don't|didn't|come|go|get|keep))\b",
        said,
        re.I,
    ):
        return exchanged(said) if _has_verb(said) else None
    return _fragment(said)


def _fragment(said: str) -> str | None:
    """A sentence without its subject, as people write them: "Was charged twice", "Missed my deadline"."""
    if (done := _DONE_TO.match(said)) is not None:
        return exchanged("I was " + said[done.start("done") :].lower())
    if _PASSIVE.match(said):
        return exchanged("I was " + _PASSIVE.sub("", said))
    if re.match(r"took (?:longer|ages|forever|an? |\d|me|us|over|more|nearly|almost)", said, re.I):
        return "it " + exchanged(said[0].lower() + said[1:])
    if _OURS.match(said):
        return "we " + exchanged(said[0].lower() + said[1:])
    if _YOURS.match(said):
        fixed = re.sub(
            r"^still (waiting|have)",
            lambda one: {"waiting": "are still waiting", "have": "still have"}[one[1].lower()],
            said,
            flags=re.I,
        )
        return "you " + exchanged(fixed[0].lower() + fixed[1:])
    if (noun := _BARE.match(said)) is not None and not _YOURS.match(noun["thing"]) and not _OURS.match(noun["thing"]):
        link = (
            "was "
            if re.match(
                r"(?:swallowed|lost|cancelled|delayed|ignored|broken|missing|damaged|closed|locked|stuck|not)",
                noun["done"],
            )
            else ""
        )
        thing = noun["thing"].lower()
        crew = re.search(r"(?:movers|drivers|crew|cleaners|engineers|builders|technicians|couriers|installers)$", thing)
        doing = re.match(r"\w+ing (?:my|our|the|a|an)\b", thing)
        owner = "" if doing else "your " if crew else "my " if _MINE.search(thing) else "the "
        return exchanged(f"{owner}{thing} {link}{noun['done']}{noun['rest']}")
    return None


def _has_verb(said: str) -> bool:
    return bool(
        re.search(
            r"\b(?:was|were|is|are|had|has|have|did|does|do|could|can|would|never|kept|keeps?|took|takes?|gave|got|came|comes|went|goes|left|told|said|made|found|lost|broke|sent|ran|fell|felt|began|stood|sat|paid|cost|rang|drove|met|let|put|shut|opens?|shows?|closes|hasn't|haven't|hadn't|wasn't|weren't|isn't|aren't|didn't|doesn't|don't|couldn't|can't|won't|\w{2,}ed)\b",
            said,
            re.I,
        )
    )
