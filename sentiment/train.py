"""The recipe that made the shipped model, on anybody's labelled texts. Needs the extra ``train`` (torch).

Words frozen, all layers and heads learn; several tasks at once, each text only those that it has labels for
(cross entropy; binary cross entropy for topics); each data set with its own shift of the sentiment logits;
linear warm-up and decay; the weights averaged over the last two thirds (exponential moving average). A network that
keeps only some of its layers learns from the whole one as well (distillation of the pooled vector).
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sentiment.assessment import EMOTIONS, INTENTS, SENTIMENTS, SEVERITIES, TOPICS
from sentiment.labelled import Labelled
from sentiment.network import SHIPPED
from sentiment.words import readable

_CHECKPOINT_EVERY = 100  # steps
_AVERAGE = 0.995
_TOPIC_WEIGHT, _EMOTION_WEIGHT, _SEVERITY_WEIGHT, _INTENT_WEIGHT = 0.75, 0.3, 0.6, 0.6
_TEACHER_WEIGHT = 1.5
_SEVERITY_CLASSES = (1.0, 1.2, 1.5, 2.0)  # a missed critical case costs more than a false one


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. rate: of the encoder's Adam; heads learn at ``head_rate``; pieces: budget of one batch."""

    epochs: int = 4
    rate: float = 1e-4
    head_rate: float = 1e-3
    pieces: int = 2000
    layers: int = 9
    keep: tuple[int, ...] = ()  # of these layers alone the network is made, and learns to answer as all of them do
    seed: int = 11
    repeat: tuple[tuple[str, int], ...] = ()  # (source, times): small good sets are seen more often


def train(
    rows: Sequence[Labelled],
    out: Path,
    recipe: Recipe = Recipe(),
    base: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Path:
    """Trains on ``rows`` and returns the file of weights, ``out/weights.npz``.

    base: a folder with a Hugging Face encoder (model.safetensors, tokenizer.json) or with an exported model;
    None continues from the shipped one. A run that was stopped goes on from its last checkpoint in ``out``
    when it is called again with the same recipe and rows. Raises ImportError without torch.
    """
    import numpy as np

    learner = _Learner(_repeated(rows, recipe), base or SHIPPED, recipe)
    out.mkdir(parents=True, exist_ok=True)
    checkpoint = out / "checkpoint.pt"
    learner.resume(checkpoint)
    while learner.step < learner.steps:
        loss = learner.learn()
        if learner.step % _CHECKPOINT_EVERY == 0 or learner.step == learner.steps:
            learner.save(checkpoint)
            tell(f"step {learner.step} of {learner.steps}, loss {loss:.3f}")
    weights = out / "weights.npz"
    np.savez(weights, **learner.averaged())
    return weights


def _repeated(rows: Sequence[Labelled], recipe: Recipe) -> list[Labelled]:
    times = dict(recipe.repeat)
    return [row for row in rows for _ in range(times.get(row.source, 1))]


class _Learner:
    """One run: the network, its optimiser, the batches of all epochs, and where in them it stands."""

    def __init__(self, rows: Sequence[Labelled], base: Path, recipe: Recipe) -> None:
        import torch

        from sentiment.batches import batches
        from sentiment.multitask import Multitask
        from sentiment.weights import pruned

        self._torch, self._rows, self._recipe = torch, rows, recipe
        self._sources = ["own", *sorted({row.source for row in rows} - {"own"})]
        self._ids = _encoded([readable(row.text) for row in rows], base)
        torch.manual_seed(recipe.seed)
        start = _start(base, recipe)
        self._teacher = Multitask(start) if recipe.keep else None
        self._network = Multitask(pruned(start, recipe.keep) if recipe.keep else start, len(self._sources))
        lengths = [len(ids) for ids in self._ids]
        self._plan = [
            batch
            for epoch in range(recipe.epochs)
            for batch in batches(lengths, recipe.pieces, random.Random(recipe.seed + epoch))  # noqa: S311
        ]
        self.step, self.steps = 0, len(self._plan)
        learning = {n: p for n, p in self._network.parameters.items() if p.requires_grad}
        heads = [p for n, p in learning.items() if n.startswith(("heads", "source"))]
        encoder = [p for n, p in learning.items() if not n.startswith(("heads", "source"))]
        self._learning, self._encoder = learning, encoder
        self._rates = (recipe.rate, recipe.head_rate)
        groups = [{"params": part, "lr": rate} for part, rate in zip((encoder, heads), self._rates, strict=True)]
        self._optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
        self._average: dict[str, Any] = {}

    def learn(self) -> float:
        """One step; returns the loss."""
        from sentiment.batches import jittered

        chance = random.Random(self._recipe.seed * 1_000_003 + self.step)  # noqa: S311 — repeatable on resume
        self._torch.manual_seed(self._recipe.seed * 1_000_003 + self.step)
        batch = self._plan[self.step]
        share = self.step / self.steps
        warm = min(1.0, (self.step + 1) / 60) * (1 - share)
        for group, rate in zip(self._optimiser.param_groups, self._rates, strict=True):
            group["lr"] = rate * warm
        loss = self._loss([self._rows[i] for i in batch], [jittered(self._ids[i], chance) for i in batch])
        loss.backward()
        self._torch.nn.utils.clip_grad_norm_(self._encoder, 1.0)
        self._optimiser.step()
        self._optimiser.zero_grad()
        self.step += 1
        if share > 1 / 3:
            self._follow()
        return float(loss.detach())

    def _loss(self, rows: Sequence[Labelled], ids: Sequence[Sequence[int]]) -> Any:
        torch, functional = self._torch, self._torch.nn.functional
        padded, mask = _padded(torch, ids)
        sources = torch.tensor([self._sources.index(row.source) for row in rows])
        pooled = self._network.pooled(padded, mask)
        sentiment, topics, emotion, severity, intent, _ = self._network.heads(pooled, sources, dropout=0.1)
        loss = _cross_entropy(torch, sentiment, [_index(r.sentiment, SENTIMENTS) for r in rows], smoothing=0.05)
        loss = loss + _EMOTION_WEIGHT * _cross_entropy(torch, emotion, [_index(r.emotion, EMOTIONS) for r in rows])
        loss = loss + _INTENT_WEIGHT * _cross_entropy(torch, intent, [_index(r.intent, INTENTS) for r in rows])
        loss = loss + _SEVERITY_WEIGHT * _cross_entropy(
            torch, severity, [_index(r.severity, SEVERITIES) for r in rows], torch.tensor(_SEVERITY_CLASSES)
        )
        known = torch.tensor([float(row.topics is not None) for row in rows])
        wanted = torch.tensor([[float(name in (row.topics or ())) for name in TOPICS] for row in rows])
        each = functional.binary_cross_entropy_with_logits(
            topics, wanted, reduction="none", pos_weight=torch.tensor(2.5)
        )
        loss = loss + _TOPIC_WEIGHT * (each.sum(1) * known).sum() / len(rows)
        if self._teacher is None:
            return loss
        with torch.no_grad():
            wanted = self._teacher.pooled(padded, mask)
        away = (1 - functional.cosine_similarity(pooled, wanted)).mean()
        return loss + _TEACHER_WEIGHT * (away + functional.mse_loss(pooled, wanted) / wanted.pow(2).mean())

    def _follow(self) -> None:
        with self._torch.no_grad():
            for name, parameter in self._learning.items():
                if name in self._average:
                    self._average[name].lerp_(parameter, 1 - _AVERAGE)
                else:
                    self._average[name] = parameter.detach().clone()

    def averaged(self) -> dict[str, Any]:
        """The averaged weights (the last ones where the run was too short to average)."""
        with self._torch.no_grad():
            for name, average in self._average.items():
                self._network.parameters[name].copy_(average)
        return self._network.weights()

    def save(self, file: Path) -> None:
        """Writes a checkpoint, whole or not at all."""
        state = {
            "step": self.step,
            "recipe": asdict(self._recipe),
            "rows": len(self._rows),
            "learning": self._learning,
            "average": self._average,
            "optimiser": self._optimiser.state_dict(),
        }
        partial = file.with_suffix(".partial")
        self._torch.save(state, partial)
        partial.replace(file)

    def resume(self, file: Path) -> None:
        """Goes on from ``file`` if it is there. Raises ValueError if it belongs to another run."""
        if not file.exists():
            return
        state = self._torch.load(file)
        if state["recipe"] != asdict(self._recipe) or state["rows"] != len(self._rows):
            raise ValueError(f"{file} belongs to another recipe or other rows: remove it, or choose another folder")
        with self._torch.no_grad():
            for name, parameter in state["learning"].items():
                self._learning[name].copy_(parameter)
        self._average = state["average"]
        self._optimiser.load_state_dict(state["optimiser"])
        self.step = state["step"]


def _start(base: Path, recipe: Recipe) -> Any:
    from sentiment.weights import from_hugging_face, from_onnx

    exported = base / "model.onnx"
    return from_onnx(exported) if exported.exists() else from_hugging_face(base, recipe.layers)


def _encoded(texts: Sequence[str], base: Path) -> list[list[int]]:
    from tokenizers import Tokenizer

    from sentiment.weights import LONGEST

    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rows = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    return [row if len(row) <= LONGEST else [*row[: LONGEST - 1], row[-1]] for row in rows]


def _padded(torch: Any, rows: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    longest = max(map(len, rows))
    ids = torch.tensor([[*row, *[1] * (longest - len(row))] for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask


def _cross_entropy(torch: Any, logits: Any, wanted: list[int], weight: Any = None, smoothing: float = 0.03) -> Any:
    """Summed over the rows that have a label (others are -1), divided by all rows of the batch."""
    each = torch.nn.functional.cross_entropy(
        logits, torch.tensor(wanted), weight=weight, reduction="none", ignore_index=-1, label_smoothing=smoothing
    )
    return each.sum() / len(wanted)


def _index(name: str | None, names: Sequence[str]) -> int:
    return -1 if name is None else names.index(name)
