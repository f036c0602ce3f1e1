"""How grave a mention is and how soon somebody has to look, with the reasons by name."""

import re
from dataclasses import replace

from sentiment.alarms import CRITICAL, alarms
from sentiment.assessment import INTENTS, SEVERITIES
from sentiment.mention_text import MentionText
from sentiment.reading import Reading
from sentiment.stars import intent_with_stars, severity_with_stars

LARGE_REACH = 50_000  # accounts
# Lower than one half: a grave case that is missed costs more than one that is looked at in vain. Chosen on
# texts of the corpus's train split that were held back.
CRITICAL_AT, MAJOR_AT, MINOR_AT = 0.30, 0.20, 0.5
# Nobody was let down where praise outweighs all else; alarm words still count (PRAISE_AT).
PRAISED_AT = 0.60
# Without this much blame the network must be at least this sure that something grave is told.
BLAMED_AT, SURE_AT = 0.35, 0.30
# Alarm words count from this much blame on, below this much praise.
BLAME_AT, GRAVE_AT, PRAISE_AT = 0.25, 0.10, 0.60
# What the network finds critical and no word names must at least be told as a failure: by a complaint, or in the news.
TELLS_OF_FAILURE, TOLD_AT = ("complaint", "news"), 0.60
# A word of alarm alone does not make critical what the network takes to be so in fewer than two of a hundred cases.
OUT_OF_THE_QUESTION = 0.02
_HURRY = re.compile(
    r"至急|今すぐ|いますぐ|緊急|早急|一刻も"
    r"|まだ(?:連絡|返事|返信|届)|困って(?:い|ま|る)|どうすれば|助けて|閉じ込め|立ち往生"
    r"|\b(?:urgent(?:ly)?|asap|immediately|right now)\b"
    r"|\b(?:emergency|stranded|locked out|stuck (?:at|in|here)|please help|help me"
    r"|still waiting|tonight|tomorrow)\b",
    re.IGNORECASE,
)


def triage(
    text: str, mention: MentionText, reading: Reading, sentiment: tuple[float, float, float]
) -> tuple[str, str, list[str]]:
    """Severity, urgency and the named reasons of one mention.

    The classifier's severity comes first; a word of alarm raises it to critical unless the text is plainly
    praise, because a missed injury costs more than a second look. Without such a word the classifier makes critical
    only what tells of a failure, and with one that it does not believe at all no more than major.
    """
    doubted = bool(reading.severity) and reading.severity[3] < OUT_OF_THE_QUESTION
    reading = replace(reading, severity=severity_with_stars(reading.severity, mention.rating))
    severity = _severity(reading, sentiment)
    found = [name for name, _ in alarms(text)] if severity == 3 or _is_blame(reading, sentiment) else []
    reasons = [name for name in found if name in CRITICAL]
    if severity == 3 and not reasons:
        severity = 3 if _tells_of_failure(reading, mention) else 2
        reasons = [_reason_of_the_network(reading)] if severity == 3 else []
    if reasons:
        severity = 3 if severity == 3 or not doubted else 2
        reasons += [name for name in found if name not in CRITICAL]
    if mention.reach is not None and mention.reach >= LARGE_REACH and severity > 0:
        reasons.append("large_reach")
        severity = min(3, severity + 1)
    return SEVERITIES[severity], _urgency(text, severity, reading, sentiment), reasons


def _severity(reading: Reading, sentiment: tuple[float, float, float]) -> int:
    if not reading.severity:
        return int(sentiment[0] > max(sentiment[1:]))
    grave = sum(reading.severity[2:])
    if sentiment[2] >= PRAISED_AT or (sentiment[0] < BLAMED_AT and grave < SURE_AT):
        return 0
    if reading.severity[3] >= CRITICAL_AT:
        return 3
    if grave >= MAJOR_AT:
        return 2
    return int(sum(reading.severity[1:]) >= MINOR_AT)


def _reason_of_the_network(reading: Reading) -> str:
    """What the network alone calls critical is named by its topic, where that tells."""
    topics = {name: reading.topics.get(name, 0.0) for name in ("safety", "privacy")}
    strongest = max(topics, key=lambda name: topics[name])
    return {"safety": "danger", "privacy": "data_leak"}[strongest] if topics[strongest] >= 0.5 else "grave_wording"


def _tells_of_failure(reading: Reading, mention: MentionText) -> bool:
    """Whether the writer complains, or reports; true where the classifier does not tell what a writer wants."""
    if not reading.intent:
        return True
    known = dict(zip(INTENTS, intent_with_stars(reading.intent, mention.rating), strict=True))
    return max(known[name] for name in TELLS_OF_FAILURE) >= TOLD_AT


def _is_blame(reading: Reading, sentiment: tuple[float, float, float]) -> bool:
    grave = sum(reading.severity[2:]) >= GRAVE_AT
    return sentiment[2] < PRAISE_AT and (sentiment[0] >= BLAME_AT or grave)


def _urgency(text: str, severity: int, reading: Reading, sentiment: tuple[float, float, float]) -> str:
    if severity == 3 or (_HURRY.search(text) and sentiment[2] < 0.5 and severity >= 1):
        return "high"
    worried = bool(reading.emotion) and reading.emotion[3] > 0.5
    return "normal" if severity > 0 or worried or sentiment[0] > 0.5 else "low"
