"""Rating and text together: stars shift the reading, a text that plainly says otherwise wins and says so."""

from collections.abc import Mapping, Sequence
from math import log

# How often a text with so many stars is negative, neutral, positive.
_PRIORS = {
    1: (0.90, 0.07, 0.03),
    2: (0.80, 0.15, 0.05),
    3: (0.35, 0.45, 0.20),
    4: (0.10, 0.20, 0.70),
    5: (0.04, 0.08, 0.88),
}
_WEIGHT = 0.8  # stars and text speak of the same stay: less than independent evidence
_SURE = 0.75
# In our corpus 12 of 5,225 reviews with three stars and more tell something major or critical; of all reviews a fifth.
_CONTENT, _GRAVE = 3, 0.01

# How often a text with so many stars is a complaint, a question, a wish, thanks, news, other: counted in the labels of
# the train split and rounded, no share below one of a hundred.
_INTENTS = {
    (1, 2): (0.95, 0.01, 0.01, 0.01, 0.01, 0.01),
    (3,): (0.44, 0.01, 0.15, 0.03, 0.01, 0.36),
    (4, 5): (0.02, 0.01, 0.10, 0.85, 0.01, 0.01),
}
# How much more often (or less) than in any review the writer of one with so many stars needs thanks, that it is passed
# on, to settle something, an answer, a person, nothing: from the labels, which are graver than what comes, and milder.
_NEXT_STEPS: Mapping[tuple[int, ...], Sequence[float]] = {
    (1,): (0.06, 1.1, 2.8, 0.75, 1.5, 0.4),
    (2,): (0.06, 1.5, 2.5, 0.75, 0.6, 0.4),
    (3,): (0.43, 1.9, 0.6, 0.75, 0.2, 0.4),
    (4,): (1.7, 0.84, 0.23, 0.75, 0.1, 0.4),
    (5,): (2.4, 0.24, 0.15, 0.5, 0.1, 0.2),
}

Probabilities = tuple[float, float, float]


def with_stars(text: Probabilities, rating: float | None) -> tuple[Probabilities, list[str]]:
    """The reading of ``text`` combined with ``rating`` (1 to 5, or None), and the named reasons.

    A sum of log odds (naive Bayes with the stars' weight below 1). Where the text is sure of the opposite,
    the text decides: five stars over a complaint are a slip of the finger or politeness.
    """
    if rating is None or not 1 <= rating <= 5:
        return text, []
    prior = _PRIORS[round(rating)]
    if rating >= 4 and text[0] >= _SURE:
        return text, ["text_contradicts_stars"]
    if rating <= 2 and text[2] >= _SURE:
        # Praise under one star is rarely praise: neither is believed.
        mixed = (text[2] * 0.5 + text[0], text[1], text[2] * 0.5)
        return _normalised(mixed), ["text_contradicts_stars"]
    weights = [max(p, 1e-4) * (q**_WEIGHT) for p, q in zip(text, prior, strict=True)]
    combined = _normalised((weights[0], weights[1], weights[2]))
    moved = abs(log(max(combined[0], 1e-4)) - log(max(text[0], 1e-4))) > log(2)
    return combined, ["stars"] if moved else []


def severity_with_stars(severity: Sequence[float], rating: float | None) -> tuple[float, ...]:
    """The probabilities of none, minor, major, critical, given the stars: the grave ones weigh less from three on.

    Words of alarm are looked for all the same (triage.py), so that a polite reviewer's injury is not overlooked.
    """
    if rating is None or rating < _CONTENT:
        return tuple(severity)
    grave = [p * _GRAVE for p in severity[2:]]
    left = sum(severity[:2]) + sum(grave)
    return tuple(p / left for p in (*severity[:2], *grave)) if left else tuple(severity)


def intent_with_stars(intent: Sequence[float], rating: float | None) -> tuple[float, ...]:
    """The probabilities of `INTENTS`, given the stars: a sum of log odds, as for the sentiment."""
    return _shifted(intent, rating, _INTENTS)


def next_step_with_stars(step: Sequence[float], rating: float | None) -> tuple[float, ...]:
    """The probabilities of `NEXT_STEPS`, given the stars."""
    return _shifted(step, rating, _NEXT_STEPS)


def _shifted(
    known: Sequence[float], rating: float | None, by_stars: Mapping[tuple[int, ...], Sequence[float]]
) -> tuple[float, ...]:
    if rating is None or not 1 <= rating <= 5:
        return tuple(known)
    shares = next(shares for stars, shares in by_stars.items() if round(rating) in stars)
    weights = [max(p, 1e-4) * share**_WEIGHT for p, share in zip(known, shares, strict=True)]
    return tuple(weight / sum(weights) for weight in weights)


def _normalised(weights: Probabilities) -> Probabilities:
    total = sum(weights)
    return weights[0] / total, weights[1] / total, weights[2] / total
