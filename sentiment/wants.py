"""The heads that tell what a writer wants, and what they need of us next: fitted with the encoder as it is.

    python -m sentiment.wants sentiment/model [FOLDER of further texts]

`corpus/intents.jsonl` says of 2,967 texts, by their sha1, what the writer wants of the brand, `corpus/statements.jsonl`
of 6,303 what they need next. Each head is a multinomial logistic regression on the mean of the last layer: six more
columns of the heads, which cost nothing to run. Labels of the test split are never learned from. Needs the extra
``train`` (onnx); the labels stay in the repository.
"""

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sentiment.assessment import INTENTS, NEXT_STEPS
from sentiment.labelled import Labelled, read_labelled
from sentiment.marking import CORPUS, texts_of
from sentiment.network import SHIPPED, NetworkClassifier
from sentiment.words import clean, readable

Array = np.ndarray[Any, np.dtype[Any]]
# Against more or less, this much gave the likeliest answers to texts of the train split that were held back in turn,
# and needs no temperature.
_PENALTY = 0.015
_STEPS = 400
_OTHERS = 28  # outputs of the other heads
_HEADS = ("heads.weight", "heads.bias")


def intents(file: Path = CORPUS / "intents.jsonl") -> dict[str, str]:
    """The intent of each labelled text, by the sha1 of the text."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return {row["sha1"]: row["intent"] for row in rows}


def with_intents(rows: Iterable[Labelled], known: Mapping[str, str]) -> list[Labelled]:
    """Those of ``rows`` whose intent is known, with it."""
    found = ((row, known.get(hashlib.sha1(row.text.encode(), usedforsecurity=False).hexdigest())) for row in rows)
    return [replace(row, intent=intent) for row, intent in found if intent is not None]


def next_steps(split: str, folder: Path | None = None) -> list[tuple[str, str, str]]:
    """(text, language, next step) of the labelled texts of one split that are in the corpus or in `folder`."""
    known = texts_of(folder)
    rows = [json.loads(line) for line in (CORPUS / "statements.jsonl").read_text("utf-8").splitlines()]
    return [
        (known[row["sha1"]], row["language"], row["next_step"])
        for row in rows
        if row["split"] == split and row["sha1"] in known
    ]


def refit(folder: Path = SHIPPED, texts: Path | None = None) -> None:
    """Writes new heads for intent and next step into the model in ``folder``, fitted on labels of the train split."""
    told = with_intents(read_labelled(CORPUS / "train"), intents())
    steps = next_steps("train", texts)
    parts = [
        tuple(kept[..., :_OTHERS] for kept in _heads(folder)),
        fitted(pooled(folder, [row.text for row in told]), [str(row.intent) for row in told], INTENTS),
        fitted(pooled(folder, [text for text, _, _ in steps]), [step for _, _, step in steps], NEXT_STEPS),
    ]
    _write(folder / "model.onnx", folder, [np.concatenate(each, axis=-1) for each in zip(*parts, strict=True)])


def pooled(folder: Path, texts: Sequence[str]) -> Array:
    """The mean of the last layer over the pieces of each text, texts x hidden, as the quantised network computes it.

    With the identity in place of its heads, what the network answers is what its heads are given.
    """
    hidden = len(_heads(folder)[0])
    with tempfile.TemporaryDirectory() as place:
        bare = Path(place)
        for name in ("tokenizer.json", "config.json"):
            shutil.copyfile(folder / name, bare / name)
        _write(bare / "model.onnx", folder, [np.eye(hidden, dtype=np.float32), np.zeros(hidden, np.float32)])
        return NetworkClassifier(bare, threads=2).logits([readable(clean(text)) for text in texts])


def _heads(folder: Path) -> list[Array]:
    """Weight and bias of all heads."""
    import onnx
    from onnx import numpy_helper

    stored = {each.name: each for each in onnx.load(str(folder / "model.onnx")).graph.initializer}
    return [numpy_helper.to_array(stored[name]) for name in _HEADS]


def _write(file: Path, folder: Path, heads: Sequence[Array]) -> None:
    """The model in ``folder`` with other heads, whole or not at all."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(folder / "model.onnx"))
    for tensor in model.graph.initializer:
        if tensor.name in _HEADS:
            tensor.CopyFrom(numpy_helper.from_array(heads[_HEADS.index(tensor.name)], tensor.name))
    partial = file.with_suffix(".partial")
    partial.write_bytes(model.SerializeToString())
    partial.replace(file)


def fitted(inputs: Array, wanted: Sequence[str], classes: Sequence[str]) -> tuple[Array, Array]:
    """Weight (inputs x classes) and bias of a logistic regression with a squared penalty on inputs of unit spread.

    By Nesterov's gradient descent, from zero: the problem is convex, and the same on every machine.
    """
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-6
    rows = np.concatenate([(inputs - mean) / spread, np.ones((len(inputs), 1))], axis=1)
    answers = np.eye(len(classes))[[classes.index(name) for name in wanted]]
    penalty = np.full((rows.shape[1], 1), 2 * _PENALTY)
    penalty[-1] = 0  # the bias goes free
    # The softmax bends at most by a half in any direction (Böhning 1992).
    rate = 1 / (0.5 * np.linalg.norm(rows, 2) ** 2 / len(rows) + 2 * _PENALTY)
    found = ahead = np.zeros((rows.shape[1], len(classes)))
    for step in range(_STEPS):
        scores = np.exp(rows @ ahead - (rows @ ahead).max(axis=1, keepdims=True))
        slope = rows.T @ (scores / scores.sum(axis=1, keepdims=True) - answers) / len(rows) + penalty * ahead
        last, found = found, ahead - rate * slope
        ahead = found + step / (step + 3) * (found - last)
    weight = found[:-1] / spread[:, None]
    return weight.astype(np.float32), (found[-1] - mean @ weight).astype(np.float32)


if __name__ == "__main__":
    refit(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED, Path(sys.argv[2]) if len(sys.argv) > 2 else None)
