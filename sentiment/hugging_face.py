"""Any Hugging Face text classifier in place of the shipped sentiment, by name or folder.

With torch installed it runs in torch; without, the repository must hold an ONNX file. Topics, emotion,
severity and embeddings still come from the shipped network, because such classifiers have none.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from math import exp
from pathlib import Path
from typing import Any

from sentiment.reading import Classifier, Passage, PassageReading, Reading, one_by_one

_BATCH = 32
_ONNX = ("model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx")
_STARS = re.compile(r"^([1-5])\s*(?:stars?|つ星)?$")
_NAMES = (
    ("negative", 0), ("neg", 0), ("ネガティブ", 0), ("neutral", 1), ("neu", 1), ("mixed", 1),
    ("ニュートラル", 1), ("positive", 2), ("pos", 2), ("ポジティブ", 2),
)  # fmt: skip


class HuggingFaceClassifier:
    """Sentiment by the classifier ``name`` (of the hub, or a folder), all else by ``rest``.

    Raises ValueError when its labels cannot be mapped to negative, neutral, positive, and ImportError or
    OSError, with what to do, when it cannot be loaded.
    """

    def __init__(self, name: str, rest: Classifier | None = None) -> None:
        self.name, self._rest = name, rest

    def read(self, passages: Sequence[Passage]) -> list[PassageReading]:
        """One answer a passage, in order."""
        own = one_by_one(lambda texts: [Reading(sentiment) for sentiment in self._sentiments(texts)], passages)
        if self._rest is None:
            return own
        rest = self._rest.read(passages)
        return [
            PassageReading(
                replace(theirs.whole, sentiment=ours.whole.sentiment),
                tuple(
                    replace(other, sentiment=mine.sentiment)
                    for other, mine in zip(theirs.sentences, ours.sentences, strict=True)
                ),
            )
            for theirs, ours in zip(rest, own, strict=True)
        ]

    def _sentiments(self, texts: Sequence[str]) -> list[tuple[float, float, float]]:
        found: list[tuple[float, float, float]] = [(0.0, 1.0, 0.0)] * len(texts)
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), _BATCH):
            part = order[start : start + _BATCH]
            for index, logits in zip(part, self._run([texts[index] for index in part]), strict=True):
                found[index] = _mapped(logits, self._classes)
        return found

    def _run(self, texts: list[str]) -> list[list[float]]:
        tokenizer, run = self._loaded
        longest = min(int(tokenizer.model_max_length), 512)
        encoded = tokenizer(texts, padding=True, truncation=True, max_length=longest, return_tensors="np")
        rows: list[list[float]] = run(dict(encoded))
        return rows

    @cached_property
    def _classes(self) -> list[int]:
        from transformers import AutoConfig

        return classes(dict(AutoConfig.from_pretrained(self.name).id2label))  # nosec B615  # the operator names it

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(self.name)  # nosec B615  # the operator names it
        try:
            return tokenizer, _in_torch(self.name)
        except ImportError:
            return tokenizer, _in_onnx(self.name)


def classes(labels: Mapping[int, str]) -> list[int]:
    """For each output of a classifier: 0 negative, 1 neutral, 2 positive.

    Knows names (``NEG``, ``ポジティブ``), stars (``5 stars``) and three or two nameless labels (``LABEL_0``),
    which by convention rise from negative to positive.
    """
    names = [str(labels[index]).strip().lower() for index in sorted(labels)]
    stars = [match for name in names if (match := _STARS.match(name))]
    if len(stars) == len(names):
        return [0 if int(s[1]) <= 2 else 1 if int(s[1]) == 3 else 2 for s in stars]
    if all(name.startswith("label_") for name in names) and len(names) in (2, 3):
        return [0, 1, 2] if len(names) == 3 else [0, 2]
    mapped = [next((place for key, place in _NAMES if name.startswith(key)), None) for name in names]
    known = [place for place in mapped if place is not None]
    if len(known) < len(names) or not {0, 2} <= set(known):
        raise ValueError(f"cannot tell which of {names} is negative, neutral, positive")
    return known


def _mapped(logits: Sequence[float], places: Sequence[int]) -> tuple[float, float, float]:
    top = max(logits)
    sums = [0.0, 0.0, 0.0]
    for logit, place in zip(logits, places, strict=True):
        sums[place] += exp(logit - top)
    total = sum(sums)
    return sums[0] / total, sums[1] / total, sums[2] / total


def _in_torch(name: str) -> Any:
    import torch
    from transformers import AutoModelForSequenceClassification

    model = AutoModelForSequenceClassification.from_pretrained(name).eval()  # nosec B615  # the operator names it

    def run(encoded: dict[str, Any]) -> Any:
        with torch.inference_mode():
            return model(**{key: torch.from_numpy(value) for key, value in encoded.items()}).logits.tolist()

    return run


def _in_onnx(name: str) -> Any:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(_onnx_file(name)), providers=["CPUExecutionProvider"])
    wanted = {each.name for each in session.get_inputs()}

    def run(encoded: dict[str, Any]) -> Any:
        return session.run(None, {key: encoded[key] for key in wanted & set(encoded)})[0].tolist()

    return run


def _onnx_file(name: str) -> Path:
    from transformers.utils import cached_file

    for candidate in _ONNX:
        found = cached_file(name, candidate, _raise_exceptions_for_missing_entries=False)
        if found is not None:
            return Path(found)
    raise OSError(
        f"{name} has no ONNX file ({', '.join(_ONNX)}) and torch is not installed: "
        "pip install torch, or choose a model that was exported to ONNX"
    )
