"""Measures an assessor on labelled texts: by language, with intervals and a confusion matrix."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sentiment.assessment import SENTIMENTS, SEVERITIES, TOPICS, Assessment
from sentiment.assessor import Assessor
from sentiment.figures import Figure, f1, macro_f1, micro_f1, with_interval
from sentiment.labelled import Labelled
from sentiment.mention_text import MentionText

_GRAVE = SEVERITIES[2:]
Pair = tuple[Labelled, Assessment]


@dataclass(frozen=True, slots=True)
class Report:
    """Figures in per cent by language, ``all`` among them, and the confusion of sentiments (wanted, found)."""

    model: str
    rows: int
    figures: Mapping[str, Mapping[str, Figure]]
    confusion: Mapping[tuple[str, str], int]
    mistakes: Sequence[tuple[Labelled, str]] = field(default=(), repr=False)

    def table(self) -> str:
        """For a terminal: one line a language, then the confusion matrix."""
        names = list(dict.fromkeys(name for found in self.figures.values() for name in found))
        lines = [f"{self.model}, {self.rows} texts (95 % intervals)", "", _line("language", names)]
        for language, found in self.figures.items():
            lines.append(_line(language, [str(found[name]) if name in found else "-" for name in names]))
        lines += ["", _line("wanted \\ found", list(SENTIMENTS))]
        for wanted in SENTIMENTS:
            lines.append(_line(wanted, [str(self.confusion.get((wanted, found), 0)) for found in SENTIMENTS]))
        return "\n".join(lines)


def evaluate(assessor: Assessor, rows: Sequence[Labelled], with_ratings: bool = False, draws: int = 300) -> Report:
    """Assesses ``rows`` and compares. Stars are kept from the assessor unless ``with_ratings``.

    draws: how many resamples make an interval; 0 gives figures without any.
    """
    mentions = [
        MentionText(row.text, row.rating if with_ratings else None, _hint(row.language), row.kind) for row in rows
    ]
    pairs = list(zip(rows, assessor.assess(mentions), strict=True))
    languages = [name for name, _ in Counter(row.language for row in rows).most_common()]
    groups = {language: [pair for pair in pairs if pair[0].language == language] for language in languages}
    if len(groups) > 1:
        groups["all"] = pairs
    judged = [pair for pair in pairs if pair[0].sentiment is not None]
    return Report(
        model=assessor.model,
        rows=len(rows),
        figures={language: _figures(group, draws) for language, group in groups.items()},
        confusion=Counter((str(row.sentiment), found.sentiment.label) for row, found in judged),
        mistakes=[(row, found.sentiment.label) for row, found in judged if row.sentiment != found.sentiment.label],
    )


def _figures(pairs: Sequence[Pair], draws: int) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    sentiments = [(str(row.sentiment), a.sentiment.label) for row, a in pairs if row.sentiment]
    if sentiments:
        found["macro F1"] = with_interval(sentiments, macro_f1, draws=draws)
        found["F1 negative"] = with_interval(sentiments, lambda drawn: f1(drawn, "negative"), draws=draws)
    topics = [
        (frozenset(row.topics), frozenset(t.name for t in a.topics if t.name in TOPICS))
        for row, a in pairs
        if row.topics is not None
    ]
    if topics:
        found["topics micro F1"] = with_interval(topics, micro_f1, draws=draws)
    grave = [(row.severity in _GRAVE, a.severity in _GRAVE) for row, a in pairs if row.severity]
    if any(wanted for wanted, _ in grave):
        found["grave recall"] = with_interval([pair for pair in grave if pair[0]], _share_found, draws=draws)
        found["grave precision"] = with_interval([pair[::-1] for pair in grave if pair[1]], _share_found, draws=draws)
        critical = [a.severity for row, a in pairs if row.severity == "critical"]
        if critical:
            found["critical recall"] = with_interval(
                [(True, s == "critical") for s in critical], _share_found, draws=draws
            )
    intents = [(row.intent == a.intent.label, True) for row, a in pairs if row.intent and a.intent]
    if intents:
        found["intent accuracy"] = with_interval([pair[::-1] for pair in intents], _share_found, draws=draws)
    return found


def _share_found(pairs: Sequence[tuple[bool, bool]]) -> float:
    return sum(found for _, found in pairs) / len(pairs) if pairs else 0.0


def _hint(language: str) -> str | None:
    return None if language == "und" else language


def _line(first: str, others: Sequence[str]) -> str:
    return f"{first:<16}" + "".join(f"{each:>22}" for each in others)
