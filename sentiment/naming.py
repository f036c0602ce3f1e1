"""The head that names things: fitted on labelled names, with the encoder as it is.

    python -m sentiment.naming sentiment/model [FOLDER of further texts]

`corpus/things.jsonl` holds what readers named in 1,922 texts, by the sha1 of the text: places in the text with its
spaces folded, the heart of the matter first. Where the text is not of the corpus (reviews that may be learned from but
are kept elsewhere: see the model card) it is looked for in FOLDER. Needs the extra ``train`` (onnx, torch).
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sentiment.language import identify
from sentiment.long_texts import passages
from sentiment.network import SHIPPED, NetworkClassifier
from sentiment.sentences import sentences
from sentiment.things import TAGS
from sentiment.words import clean

Array = np.ndarray[Any, np.dtype[Any]]
CORPUS = Path(__file__).parent / "corpus"
_WIDTH, _AROUND = 128, 5  # numbers a piece is narrowed to; pieces that are seen together
_EPOCHS, _BATCH, _RATE, _HEART_WEIGHT = 9, 32, 1.5e-3, 0.5


@dataclass(frozen=True, slots=True)
class Named:
    """A text with the places of the bad and the good things in it, (start, end, mood), the heart first."""

    text: str
    language: str
    things: tuple[tuple[int, int, str], ...]


def named_texts(split: str, folder: Path | None = None) -> list[Named]:
    """The labelled texts of one split (train or test), as far as they are in the corpus or in `folder`."""
    texts = {_digest(text): text for place in (CORPUS, folder) if place for text in _texts(place)}
    rows = [json.loads(line) for line in (CORPUS / "things.jsonl").read_text("utf-8").splitlines()]
    return [
        Named(" ".join(texts[row["sha1"]].split()), row["language"], tuple(map(tuple, row["things"])))
        for row in rows
        if row["split"] == split and row["sha1"] in texts
    ]


def fit(folder: Path, rows: Sequence[Named], seed: int = 1) -> dict[str, Array]:
    """The weights of the head, as `sentiment.graph` names them. The same rows and seed give the same head."""
    import torch
    from torch.nn import functional

    chance = random.Random(seed)  # noqa: S311 — repeatable
    torch.manual_seed(seed)
    pieces = list(_labelled(folder, rows))
    everything = np.concatenate([inputs for inputs, _, _ in pieces])
    mean, spread = everything.mean(axis=0), everything.std(axis=0) + 1e-3
    head = _Head(torch, everything.shape[1])
    steps = _EPOCHS * -(-len(pieces) // _BATCH)
    optimiser = torch.optim.AdamW(head.parameters.values(), lr=_RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps)
    weight = torch.tensor([1.0] + [1.5] * (len(TAGS) - 1))  # a name that is missed is a reply that names nothing
    for _ in range(_EPOCHS):
        chance.shuffle(pieces)
        for start in range(0, len(pieces), _BATCH):
            inputs, mask, tags, hearts = _padded(torch, pieces[start : start + _BATCH], mean, spread)
            found = head.tags(inputs, mask)
            loss = functional.cross_entropy(found[..., :-1].transpose(1, 2), tags, weight=weight, ignore_index=-1)
            of_heart = functional.binary_cross_entropy_with_logits(
                found[..., -1], hearts, pos_weight=torch.tensor(3.0), reduction="none"
            )
            (loss + _HEART_WEIGHT * (of_heart * mask).sum() / mask.sum()).backward()
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
    return head.weights(mean, spread)


def refit(folder: Path = SHIPPED, texts: Path | None = None) -> None:
    """Writes a new head into the model in `folder`. Raises ValueError when its graph has no such head."""
    import onnx
    from onnx import numpy_helper

    file = folder / "model.onnx"
    model = onnx.load(str(file))
    stored = {each.name: each for each in model.graph.initializer}
    if "things.tags.weight" not in stored:
        raise ValueError(f"{file} names no things: export it from weights that began with the shipped model")
    for name, values in fit(folder, named_texts("train", texts)).items():
        stored[name].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(values), name))
    partial = file.with_suffix(".partial")
    partial.write_bytes(model.SerializeToString())
    partial.replace(file)


class _Head:
    """What `GraphBuilder` builds, as torch sees it."""

    def __init__(self, torch: Any, inputs: int) -> None:
        self._torch = torch
        narrow, around = torch.nn.Linear(inputs, _WIDTH), torch.nn.Conv1d(_WIDTH, _WIDTH, _AROUND)
        tags = torch.nn.Linear(_WIDTH, len(TAGS) + 1)
        self.parameters = {
            f"things.{name}.{kind}": value
            for name, layer in (("narrow", narrow), ("around", around), ("tags", tags))
            for kind, value in layer.named_parameters()
        }

    def tags(self, inputs: Any, mask: Any) -> Any:
        """Logits, texts x pieces x 6, with a fifth to a third of everything left out."""
        functional, p = self._torch.nn.functional, self.parameters
        left = functional.dropout(inputs, 0.2)
        narrow = functional.linear(left, p["things.narrow.weight"], p["things.narrow.bias"]).relu() * mask[..., None]
        narrow = functional.dropout(narrow, 0.3)
        turned = narrow.transpose(1, 2)
        around = functional.conv1d(
            turned, p["things.around.weight"], p["things.around.bias"], padding=_AROUND // 2
        ).relu()
        both = functional.dropout(around.transpose(1, 2) + narrow, 0.3)
        return functional.linear(both, p["things.tags.weight"], p["things.tags.bias"])

    def weights(self, mean: Array, spread: Array) -> dict[str, Array]:
        """As the graph holds them: products inputs x outputs, and the inputs no longer of unit spread."""
        found = {name: value.detach().numpy() for name, value in self.parameters.items()}
        narrow = found["things.narrow.weight"] / spread
        found["things.narrow.bias"] = (found["things.narrow.bias"] - narrow @ mean).astype(np.float32)
        found["things.narrow.weight"] = narrow.T.astype(np.float32)
        found["things.tags.weight"] = found["things.tags.weight"].T
        return found


def _labelled(folder: Path, rows: Sequence[Named]) -> Iterator[tuple[Array, Array, Array]]:
    """Of each passage: what the network knows of its pieces, their tags, and which are of the heart."""
    cut = [
        (row, passage)
        for row in rows
        for passage in passages(sentences(row.text), row.text, identify(clean(row.text), row.language))
    ]
    known = _known_of(folder, [passage.text for _, passage in cut])
    for (row, passage), (inputs, offsets) in zip(cut, known, strict=True):
        tags, hearts = np.zeros(len(offsets), np.int64), np.zeros(len(offsets), np.float32)
        for place, (first, last, mood) in enumerate(row.things):
            start = passage.text.lower().find(row.text[first:last].lower())
            inside = [
                index
                for index, (begins, ends) in enumerate(offsets)
                if 0 <= start < ends and begins < start + last - first and ends > begins
            ]
            if inside and not tags[inside].any():
                tags[inside] = TAGS.index("in_bad" if mood == "negative" else "in_good")
                tags[inside[0]] -= 1  # it begins there
                hearts[inside] = place == 0
        yield inputs, tags, hearts


def _known_of(folder: Path, texts: Sequence[str]) -> list[tuple[Array, list[tuple[int, int]]]]:
    """What the head is given of each piece, from a copy of the model that gives it out, and where the pieces stand."""
    import onnx

    model = onnx.load(str(folder / "model.onnx"))
    given = next(node.input[0] for node in model.graph.node if "things.narrow.weight" in node.input)
    model.graph.output.append(onnx.helper.make_tensor_value_info(given, onnx.TensorProto.FLOAT, None))
    with tempfile.TemporaryDirectory() as place:
        for name in ("tokenizer.json", "config.json"):
            shutil.copyfile(folder / name, Path(place, name))
        Path(place, "model.onnx").write_bytes(model.SerializeToString())
        return NetworkClassifier(Path(place), threads=2).of_pieces(texts, given)


def _padded(
    torch: Any, pieces: Sequence[tuple[Array, Array, Array]], mean: Array, spread: Array
) -> tuple[Any, Any, Any, Any]:
    longest = max(len(tags) for _, tags, _ in pieces)
    inputs = torch.zeros(len(pieces), longest, len(mean))
    mask, hearts = torch.zeros(len(pieces), longest), torch.zeros(len(pieces), longest)
    wanted = torch.full((len(pieces), longest), -1)
    for place, (values, tags, of_heart) in enumerate(pieces):
        inputs[place, : len(tags)] = torch.from_numpy(((values - mean) / spread).astype(np.float32))
        mask[place, : len(tags)] = 1
        wanted[place, : len(tags)] = torch.from_numpy(tags)
        hearts[place, : len(tags)] = torch.from_numpy(of_heart)
    return inputs, mask, wanted, hearts


def _texts(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            rows: Iterator[Mapping[str, Any]] = map(json.loads, lines)
            yield from (str(row["text"]) for row in rows if "text" in row)


def _digest(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


if __name__ == "__main__":
    refit(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED, Path(sys.argv[2]) if len(sys.argv) > 2 else None)
