"""What the stage gives back for one mention."""

from dataclasses import asdict, dataclass
from typing import Any

from sentiment.spans import Span

SENTIMENTS = ("negative", "neutral", "positive")
EMOTIONS = ("none", "anger", "disappointment", "worry")
SEVERITIES = ("none", "minor", "major", "critical")
URGENCIES = ("low", "normal", "high")
NEXT_STEPS = ("thank", "pass_on", "settle", "answer", "person", "none")
INTENTS = ("complaint", "question", "wish", "thanks", "news", "other")
TOPICS = (
    "staff", "waiting", "delivery", "quality", "cleanliness", "facilities", "food", "price", "billing",
    "booking", "app", "communication", "safety", "privacy", "accessibility", "surroundings", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentiment:
    """Calibrated probabilities, which add up to 1, and the label of the largest."""

    label: str
    negative: float
    neutral: float
    positive: float


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the common list or of the team's own, and its probability."""

    name: str
    p: float


@dataclass(frozen=True, slots=True)
class Intent:
    """What the writer wants of the brand, and its probability.

    `complaint`: something went wrong; `question`: an answer; `wish`: a suggestion, nothing failed; `thanks`: praise;
    `news`: headlines, announcements, adverts, spam, to which nobody expects an answer; `other`: talk that asks nothing.
    """

    label: str
    p: float


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the writer needs of us next, and its probability.

    `thank`: nothing beyond thanks; `pass_on`: it is understood and nothing is open, the people concerned should know;
    `settle`: something is open that can only be settled with this customer; `answer`: an answer; `person`: it is
    grave, and a person must write; `none`: no reply should go out (news, spam, talk among others).
    """

    label: str
    p: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentence that decided, at ``mention[start:end]`` (characters; control characters come out as spaces)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """The reading of one mention. Topics come strongest first; ``reasons`` are names, never sentences.

    intent, next_step: None where the classifier tells none. things: what the text names as bad or good, and
    statements: the clauses in which it tells a failure or praises something; those first that matter most, with places
    in the text of the mention.
    """

    language: str
    sentiment: Sentiment
    topics: tuple[Topic, ...]
    emotion: str
    urgency: str
    severity: str
    evidence: Evidence | None
    reasons: tuple[str, ...]
    model: str
    intent: Intent | None = None
    next_step: NextStep | None = None
    things: tuple[Span, ...] = ()
    statements: tuple[Span, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The shape that ``kintsugi assess`` prints, ready for ``json.dumps``."""
        mood, quoted = self.sentiment, self.evidence
        return {
            "language": self.language,
            "sentiment": {
                "label": mood.label,
                "negative": mood.negative,
                "neutral": mood.neutral,
                "positive": mood.positive,
            },
            "topics": [{"name": topic.name, "p": topic.p} for topic in self.topics],
            "emotion": self.emotion,
            "urgency": self.urgency,
            "severity": self.severity,
            "evidence": quoted and {"text": quoted.text, "start": quoted.start, "end": quoted.end},
            "reasons": list(self.reasons),
            "model": self.model,
            "intent": self.intent and {"label": self.intent.label, "p": self.intent.p},
            "next_step": self.next_step and {"label": self.next_step.label, "p": self.next_step.p},
            "things": [asdict(span) for span in self.things],
            "statements": [asdict(span) for span in self.statements],
        }
