"""The head that marks things and statements: fitted on what readers marked, with the encoder as it is.

    python -m sentiment.marking sentiment/model [FOLDER of further texts]

`corpus/things.jsonl` holds what readers named in 1,922 texts, `corpus/statements.jsonl` the clauses of 6,303 that they
would tell back in a reply, and how they would say them, by the sha1 of the text: places in the text with its spaces
folded, the heart of the matter first. Where the text is not of the corpus (reviews that may be learned from but are
kept elsewhere: see the model card) it is looked for in FOLDER. Needs the extra ``train`` (onnx, torch).
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
from sentiment.spans import TAGS
from sentiment.words import clean

Array = np.ndarray[Any, np.dtype[Any]]
CORPUS = Path(__file__).parent / "corpus"
_KINDS = ("things", "statements")
_WIDTH, _AROUND = 128, 5  # numbers a piece is narrowed to; pieces that are seen together
_EPOCHS, _BATCH, _RATE, _HEART_WEIGHT = 9, 32, 1.5e-3, 0.5


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with places in it, (start, end, mood), the heart first: of things, of statements; None where unread."""

    text: str
    language: str
    things: tuple[tuple[int, int, str], ...] | None
    statements: tuple[tuple[int, int, str], ...] | None


def marked_texts(split: str, folder: Path | None = None) -> list[Marked]:
    """The marked texts of one split (train or test), as far as they are in the corpus or in `folder`."""
    texts, things, statements = texts_of(folder), _marks("things", split), _marks("statements", split)
    return [
        Marked(" ".join(texts[sha1].split()), language, *(of.get((sha1, language)) for of in (things, statements)))
        for sha1, language in dict.fromkeys([*things, *statements])
        if sha1 in texts
    ]


def texts_of(folder: Path | None = None) -> dict[str, str]:
    """The texts of the corpus and of the files in `folder`, by their sha1."""
    return {_digest(text): text for place in (CORPUS, folder) if place for text in _texts(place)}


def _marks(kind: str, split: str) -> dict[tuple[str, str], tuple[tuple[int, int, str], ...]]:
    rows = [json.loads(line) for line in (CORPUS / f"{kind}.jsonl").read_text("utf-8").splitlines()]
    return {
        (row["sha1"], row["language"]): tuple((start, end, mood) for start, end, mood, *_ in row[kind])
        for row in rows
        if row["split"] == split
    }


def fit(folder: Path, rows: Sequence[Marked], seed: int = 1) -> dict[str, Array]:
    """The weights of the head, as `sentiment.graph` names them. The same rows and seed give the same head."""
    import torch

    chance = random.Random(seed)  # noqa: S311 — repeatable
    torch.manual_seed(seed)
    pieces = list(_labelled(folder, rows))
    everything = np.concatenate([inputs for inputs, _, _ in pieces])
    mean, spread = everything.mean(axis=0), everything.std(axis=0) + 1e-3
    head = _Head(torch, everything.shape[1])
    steps = _EPOCHS * -(-len(pieces) // _BATCH)
    optimiser = torch.optim.AdamW(head.parameters.values(), lr=_RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps)
    for _ in range(_EPOCHS):
        chance.shuffle(pieces)
        for start in range(0, len(pieces), _BATCH):
            inputs, mask, tags, hearts = _padded(torch, pieces[start : start + _BATCH], mean, spread)
            found = head.tags(inputs, mask)
            _loss(torch, found, tags, hearts).backward()
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
    return head.weights(mean, spread)


def _loss(torch: Any, found: Any, tags: Any, hearts: Any) -> Any:
    """Of things and of statements; what nobody has read counts for nothing."""
    functional, total = torch.nn.functional, 0.0
    weight = torch.tensor([1.0] + [1.5] * (len(TAGS) - 1))  # a span that is missed is a reply that names nothing
    for kind, logits in enumerate(found.chunk(len(_KINDS), dim=-1)):
        read = (tags[kind] >= 0).float()
        if not read.any():
            continue
        of_tags = functional.cross_entropy(logits[..., :-1].transpose(1, 2), tags[kind], weight=weight, ignore_index=-1)
        of_hearts = functional.binary_cross_entropy_with_logits(
            logits[..., -1], hearts[kind], pos_weight=torch.tensor(3.0), reduction="none"
        )
        total = total + of_tags + _HEART_WEIGHT * (of_hearts * read).sum() / read.sum()
    return total


def refit(folder: Path = SHIPPED, texts: Path | None = None) -> None:
    """Writes a new head into the model in `folder`. Raises ValueError when its graph has no such head."""
    import onnx
    from onnx import numpy_helper

    file = folder / "model.onnx"
    model = onnx.load(str(file))
    stored = {each.name: each for each in model.graph.initializer}
    if "spans.tags.weight" not in stored:
        raise ValueError(f"{file} marks no spans: export it from weights that began with the shipped model")
    for name, values in fit(folder, marked_texts("train", texts)).items():
        stored[name].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(values), name))
    partial = file.with_suffix(".partial")
    partial.write_bytes(model.SerializeToString())
    partial.replace(file)


class _Head:
    """What `GraphBuilder` builds, as torch sees it."""

    def __init__(self, torch: Any, inputs: int) -> None:
        self._torch = torch
        layers = {
            "narrow": torch.nn.Linear(inputs, _WIDTH),
            "around": torch.nn.Conv1d(_WIDTH, _WIDTH, _AROUND),
            "beyond": torch.nn.Conv1d(_WIDTH, _WIDTH, _AROUND),
            "tags": torch.nn.Linear(_WIDTH, len(_KINDS) * (len(TAGS) + 1)),
        }
        self.parameters = {
            f"spans.{name}.{kind}": value for name, layer in layers.items() for kind, value in layer.named_parameters()
        }

    def tags(self, inputs: Any, mask: Any) -> Any:
        """Logits, texts x pieces x 12, with a fifth to a third of everything left out."""
        functional, p = self._torch.nn.functional, self.parameters
        left = functional.dropout(inputs, 0.2)
        known = functional.linear(left, p["spans.narrow.weight"], p["spans.narrow.bias"]).relu() * mask[..., None]
        for name in ("around", "beyond"):
            turned = functional.dropout(known, 0.3).transpose(1, 2)
            seen = functional.conv1d(turned, p[f"spans.{name}.weight"], p[f"spans.{name}.bias"], padding=_AROUND // 2)
            known = (seen.relu().transpose(1, 2) + turned.transpose(1, 2)) * mask[..., None]
        return functional.linear(functional.dropout(known, 0.3), p["spans.tags.weight"], p["spans.tags.bias"])

    def weights(self, mean: Array, spread: Array) -> dict[str, Array]:
        """As the graph holds them: products inputs x outputs, and the inputs no longer of unit spread."""
        found = {name: value.detach().numpy() for name, value in self.parameters.items()}
        narrow = found["spans.narrow.weight"] / spread
        found["spans.narrow.bias"] = (found["spans.narrow.bias"] - narrow @ mean).astype(np.float32)
        found["spans.narrow.weight"] = narrow.T.astype(np.float32)
        found["spans.tags.weight"] = found["spans.tags.weight"].T
        return found


def _labelled(folder: Path, rows: Sequence[Marked]) -> Iterator[tuple[Array, Array, Array]]:
    """Of each passage: what the network knows of its pieces, their tags (kinds x pieces), and which are of a heart."""
    cut = [
        (row, passage)
        for row in rows
        for passage in passages(sentences(row.text), row.text, identify(clean(row.text), row.language))
    ]
    known = _known_of(folder, [passage.text for _, passage in cut])
    for (row, passage), (inputs, offsets) in zip(cut, known, strict=True):
        tags = np.full((len(_KINDS), len(offsets)), -1, np.int64)
        hearts = np.zeros(tags.shape, np.float32)
        for kind, spans in enumerate((row.things, row.statements)):
            if spans is not None:
                _tag(passage.text, offsets, [(row.text[a:b], mood) for a, b, mood in spans], tags[kind], hearts[kind])
        yield inputs, tags, hearts


def _tag(
    text: str, offsets: Sequence[tuple[int, int]], spans: Sequence[tuple[str, str]], tags: Array, hearts: Array
) -> None:
    """Fills in which pieces are of which span, and of which mood's first one. A span that stands elsewhere is left."""
    tags[:] = 0
    seen: set[str] = set()
    for words, mood in spans:
        start = text.lower().find(words.lower())
        inside = [
            index
            for index, (begins, ends) in enumerate(offsets)
            if 0 <= start < ends and begins < start + len(words) and ends > begins
        ]
        if inside and not tags[inside].any():
            tags[inside] = TAGS.index("in_bad" if mood == "negative" else "in_good")
            tags[inside[0]] -= 1  # it begins there
            hearts[inside] = mood not in seen
        seen.add(mood)


def _known_of(folder: Path, texts: Sequence[str]) -> list[tuple[Array, list[tuple[int, int]]]]:
    """What the head is given of each piece, from a copy of the model that gives it out, and where the pieces stand."""
    import onnx

    model = onnx.load(str(folder / "model.onnx"))
    given = next(node.input[0] for node in model.graph.node if "spans.narrow.weight" in node.input)
    model.graph.output.append(onnx.helper.make_tensor_value_info(given, onnx.TensorProto.FLOAT, None))
    with tempfile.TemporaryDirectory() as place:
        for name in ("tokenizer.json", "config.json"):
            shutil.copyfile(folder / name, Path(place, name))
        Path(place, "model.onnx").write_bytes(model.SerializeToString())
        return NetworkClassifier(Path(place), threads=2).of_pieces(texts, given)


def _padded(
    torch: Any, pieces: Sequence[tuple[Array, Array, Array]], mean: Array, spread: Array
) -> tuple[Any, Any, Any, Any]:
    longest = max(tags.shape[1] for _, tags, _ in pieces)
    inputs, mask = torch.zeros(len(pieces), longest, len(mean)), torch.zeros(len(pieces), longest)
    hearts = torch.zeros(len(_KINDS), len(pieces), longest)
    wanted = torch.full(hearts.shape, -1)
    for place, (values, tags, of_heart) in enumerate(pieces):
        length = tags.shape[1]
        inputs[place, :length] = torch.from_numpy(((values - mean) / spread).astype(np.float32))
        mask[place, :length] = 1
        wanted[:, place, :length] = torch.from_numpy(tags)
        hearts[:, place, :length] = torch.from_numpy(of_heart)
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
