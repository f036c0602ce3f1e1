"""Turns mentions into assessments: what the classifier reads, corrected by stars and backed by rules."""

import os
from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

from sentiment.assessment import EMOTIONS, INTENTS, NEXT_STEPS, Assessment, Evidence, Intent, NextStep, Sentiment, Topic
from sentiment.language import identify
from sentiment.long_texts import combined, passages
from sentiment.mention_text import MentionText
from sentiment.reading import Classifier, PassageReading, Reading
from sentiment.sentences import Sentence, sentences
from sentiment.spans import placed
from sentiment.stars import intent_with_stars, next_step_with_stars, with_stars
from sentiment.triage import triage
from sentiment.words import clean, unreadable

if TYPE_CHECKING:
    from sentiment.custom_topics import CustomTopics

__all__ = ["Assessor", "MentionText", "open_assessor"]

TOPIC_THRESHOLD = 0.5
LONG = 140  # characters; a shorter text is quoted whole
MOST_SENTENCES = 40
_LEAST = 0.02  # of a sentiment, where two are set against each other: none is ever out of the question
_NOTHING_SAID = (0.1, 0.1, 0.1, 0.1, 0.1, 0.5)  # what stars are added to where there is no text: most likely, `other`


class Assessor:
    """Assesses mentions with one classifier. Safe to keep for the life of a process."""

    def __init__(self, classifier: Classifier, own_topics: "CustomTopics | None" = None) -> None:
        self._classifier, self._own_topics = classifier, own_topics

    @property
    def model(self) -> str:
        """The name that its assessments carry."""
        return self._classifier.name

    def assess(self, mentions: Sequence[MentionText]) -> list[Assessment]:
        """One assessment a mention, in order. Any text is answered; none raises."""
        texts = [clean(mention.text) for mention in mentions]
        languages = [identify(text, m.language_hint) for text, m in zip(texts, mentions, strict=True)]
        blanks = [unreadable(text) for text in texts]
        parts = [[] if blank else _parts(text) for text, blank in zip(texts, blanks, strict=True)]
        cut = [passages(*each) for each in zip(parts, texts, languages, strict=True)]
        answers = iter(self._classifier.read([passage for run in cut for passage in run]))
        readings = [[next(answers) for _ in run] for run in cut]
        return [
            self._unread(mention, language, blank)
            if blank
            else self._judge(mention, text, language, sentences_, combined(run, [r.whole for r in read]), read)
            for mention, text, language, blank, sentences_, run, read in zip(
                mentions, texts, languages, blanks, parts, cut, readings, strict=True
            )
        ]

    def _judge(
        self,
        mention: MentionText,
        text: str,
        language: str,
        parts: list[Sentence],
        whole: Reading,
        readings: list[PassageReading],
    ) -> Assessment:
        probabilities, reasons = with_stars(whole.sentiment, mention.rating)
        label = _label(probabilities)
        lean = 0.0 if mention.rating is None else log((probabilities[2] + _LEAST) / (probabilities[0] + _LEAST))
        severity, urgency, alarm_reasons = triage(text, mention, whole, probabilities)
        return Assessment(
            language=language,
            sentiment=Sentiment(label, *(round(p, 4) for p in probabilities)),
            topics=self._topics(whole),
            emotion=_emotion(whole, label),
            urgency=urgency,
            severity=severity,
            evidence=_evidence(parts, readings, label),
            reasons=tuple(reasons + alarm_reasons),
            model=self._classifier.name,
            intent=_intent(whole.intent, mention.rating),
            next_step=_next_step(whole.next_step, mention.rating),
            things=placed(text, [reading.things for reading in readings], lean),
            statements=placed(text, [reading.statements for reading in readings], lean),
        )

    def _topics(self, reading: Reading) -> tuple[Topic, ...]:
        found = dict(reading.topics)
        if self._own_topics is not None:
            found |= self._own_topics.probabilities(reading)
        ranked = sorted(found.items(), key=lambda item: -item[1])
        return tuple(Topic(name, round(p, 4)) for name, p in ranked if p >= TOPIC_THRESHOLD)

    def _unread(self, mention: MentionText, language: str, blank: str) -> Assessment:
        probabilities, reasons = with_stars((0.3, 0.4, 0.3), mention.rating)
        label = _label(probabilities)
        return Assessment(
            language=language,
            sentiment=Sentiment(label, *(round(p, 4) for p in probabilities)),
            topics=(),
            emotion="none",
            urgency="low",
            severity="minor" if label == "negative" else "none",
            evidence=None,
            reasons=(blank, *reasons),
            model=self._classifier.name,
            intent=_intent(_NOTHING_SAID, mention.rating),
        )


def open_assessor(
    settings_model: str | None, topics: Mapping[str, Sequence[str]] | None = None, threads: int | None = None
) -> Assessor:
    """The assessor that ``settings_model`` names.

    None: the shipped network; ``cues-1``: the word list; a folder with a model.onnx and a config.json of ours:
    that; anything else: a Hugging Face classifier by name or folder. topics: the team's own, each with its
    example sentences. threads: None takes two where the machine has them. Raises ValueError or OSError, with
    what to do, when there is no such model.
    """
    classifier = _classifier(settings_model, threads or min(2, os.cpu_count() or 1))
    if not topics:
        return Assessor(classifier)
    from sentiment.custom_topics import CustomTopics

    return Assessor(classifier, CustomTopics(topics, classifier))


def _classifier(model: str | None, threads: int) -> Classifier:
    if model == "cues-1":
        from sentiment.cues import CueClassifier

        return CueClassifier()
    from sentiment.network import SHIPPED, NetworkClassifier

    if model is None:
        return NetworkClassifier(SHIPPED, threads)
    folder = Path(model).expanduser()
    if (folder / "model.onnx").is_file() and '"max_tokens"' in _text_of(folder / "config.json"):
        return NetworkClassifier(folder, threads)
    from sentiment.hugging_face import HuggingFaceClassifier

    return HuggingFaceClassifier(model, NetworkClassifier(SHIPPED, threads))


def _text_of(file: Path) -> str:
    return file.read_text("utf-8") if file.is_file() else ""


def _parts(text: str) -> list[Sentence]:
    """The sentences of a text that is long enough to need a quotation; else the text, without the space around it."""
    stripped = text.strip()
    if len(stripped) > LONG:
        return sentences(text)[:MOST_SENTENCES]
    start = text.find(stripped)
    return [Sentence(stripped, start, start + len(stripped))]


def _label(probabilities: tuple[float, float, float]) -> str:
    return ("negative", "neutral", "positive")[max(range(3), key=lambda index: probabilities[index])]


def _intent(probabilities: Sequence[float], rating: float | None) -> Intent | None:
    if not probabilities:
        return None
    best, label = max(zip(intent_with_stars(probabilities, rating), INTENTS, strict=True))
    return Intent(label, round(best, 4))


def _next_step(probabilities: Sequence[float], rating: float | None) -> NextStep | None:
    if not probabilities:
        return None
    best, label = max(zip(next_step_with_stars(probabilities, rating), NEXT_STEPS, strict=True))
    return NextStep(label, round(best, 4))


def _emotion(reading: Reading, label: str) -> str:
    if label == "positive" or not reading.emotion:
        return "none"
    return EMOTIONS[max(range(len(EMOTIONS)), key=lambda index: reading.emotion[index])]


def _evidence(parts: list[Sentence], readings: list[PassageReading], label: str) -> Evidence:
    """The sentence that decided: where the label's probability is largest."""
    index = ("negative", "neutral", "positive").index(label)
    judged = [each for reading in readings for each in (reading.sentences or (reading.whole,))]
    best, _ = max(zip(parts, judged, strict=True), key=lambda pair: pair[1].sentiment[index])
    return Evidence(*best)
