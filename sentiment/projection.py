"""Sentence embeddings for topics of one's own, taken from inside the fine-tuned network.

Learning sentiment bends the last layer towards sentiment: two complaints of different things come close
together. A middle layer still knows what a text is about; a linear map leads from it back to the embedding
of the base model, which was trained for that. Ridge regression in closed form (Hoerl and Kennard 1970).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sentiment.weights import Array, Weights, from_hugging_face

if TYPE_CHECKING:
    from sentiment.multitask import Multitask

_RIDGE = 3.0


def projection(weights: Weights, base: Path, ids: Sequence[list[int]], layer: int, dimensions: int) -> Weights:
    """``projection.weight`` (hidden x dimensions) and ``projection.bias`` for the mean of ``layer``.

    base: the folder of the encoder that ``weights`` were trained from; ids: encoded texts, several thousand.
    """
    from sentiment.multitask import Multitask

    original = from_hugging_face(base, _layers_in(base))
    wanted = _pooled(Multitask(original), ids, None)
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    wanted -= wanted.mean(axis=0)  # all E5 embeddings share one direction: without it cosines tell more
    _, _, directions = np.linalg.svd(wanted, full_matrices=False)
    wanted = wanted @ directions[:dimensions].T
    ours = _pooled(Multitask(weights), ids, layer)
    middle = ours.mean(axis=0)
    centred = ours - middle
    solution = np.linalg.solve(centred.T @ centred + _RIDGE * np.eye(ours.shape[1]), centred.T @ wanted)
    return {
        "projection.weight": solution.astype(np.float32),
        "projection.bias": (-middle @ solution).astype(np.float32),
    }


def _pooled(network: "Multitask", ids: Sequence[list[int]], layer: int | None) -> Array:
    import torch

    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
    rows: list[Array] = [np.zeros(0)] * len(ids)
    with torch.no_grad():
        for start in range(0, len(order), 32):
            part = order[start : start + 32]
            longest = max(len(ids[index]) for index in part)
            padded = torch.tensor([[*ids[index], *[1] * (longest - len(ids[index]))] for index in part])
            mask = torch.tensor([[1] * len(ids[i]) + [0] * (longest - len(ids[i])) for i in part])
            for index, row in zip(part, network.pooled(padded, mask, layer).numpy(), strict=True):
                rows[index] = row.astype(np.float64)
    return np.stack(rows)


def _layers_in(base: Path) -> int:
    import json

    return int(json.loads((base / "config.json").read_text("utf-8"))["num_hidden_layers"])
