"""The network as torch sees it: one encoder, six heads. Imported only where somebody trains.

Its parameters carry the names of `sentiment.weights`, so that what was trained is exported as it stands.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from sentiment.weights import Array, Weights, layers_of

HEADS, EPSILON = 12, 1e-12
SIZES = (3, 17, 4, 4, 6, 6)


class Multitask:
    """Forward pass and parameters; the words stay frozen, so that their 4-bit blocks stay exact.

    sources: how many data sets there are. Each has its own shift of the three sentiment logits in training,
    because what one set calls neutral another calls negative; the first one is the project's own and is
    what remains (`weights`).
    """

    def __init__(self, weights: Mapping[str, Array], sources: int = 1) -> None:
        self.layers = layers_of(weights)
        self.parameters: dict[str, Any] = {
            name: torch.from_numpy(np.array(array, dtype=np.float32)) for name, array in weights.items()
        }
        self.parameters["source_shift"] = torch.zeros(sources, SIZES[0])
        for name, parameter in self.parameters.items():
            parameter.requires_grad_(
                name not in ("words", "positions", "norm.weight", "norm.bias") and not name.startswith("projection")
            )

    def pooled(self, ids: Any, mask: Any, layer: int | None = None) -> Any:
        """The mean of the last (or the given) layer over the pieces of each text: batch x hidden."""
        p = self.parameters
        x = functional.embedding(ids, p["words"]) + p["positions"][: ids.shape[1]]
        x = self._norm(x, p["norm.weight"], p["norm.bias"])
        seen = mask[:, None, None, :].bool()
        for number in range(layer or self.layers):
            x = self._layer(x, seen, f"layer.{number}.")
        column = mask[:, :, None].to(x.dtype)
        return (x * column).sum(1) / column.sum(1)

    def heads(self, pooled: Any, sources: Any = None, dropout: float = 0.0) -> list[Any]:
        """Sentiment, topics, emotion, severity, intent, next step of what `pooled` gave: batch x classes of logits."""
        p = self.parameters
        pooled = functional.dropout(pooled, dropout, training=dropout > 0)
        parts = list((pooled @ p["heads.weight"] + p["heads.bias"]).split(SIZES, dim=1))
        if sources is not None:
            parts[0] = parts[0] + p["source_shift"][sources]
        return parts

    def weights(self) -> Weights:
        """The present weights; the shift of the first source is part of the sentiment head."""
        arrays = {name: parameter.detach().numpy().copy() for name, parameter in self.parameters.items()}
        arrays["heads.bias"][: SIZES[0]] += arrays.pop("source_shift")[0]
        return arrays

    def _layer(self, x: Any, seen: Any, name: str) -> Any:
        p, (batch, length, hidden) = self.parameters, x.shape
        packed = (x @ p[name + "qkv.weight"] + p[name + "qkv.bias"]).chunk(3, dim=-1)
        query, key, value = (part.view(batch, length, HEADS, -1).transpose(1, 2) for part in packed)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        mixed = mixed.transpose(1, 2).reshape(batch, length, hidden) @ p[name + "output.weight"]
        x = self._norm(
            x + mixed + p[name + "attention.bias"], p[name + "attention.weight"], p[name + "attention.norm_bias"]
        )
        active = functional.gelu(x @ p[name + "up.weight"] + p[name + "up.bias"])
        update = active @ p[name + "down.weight"] + p[name + "feed.bias"]
        return self._norm(x + update, p[name + "feed.weight"], p[name + "feed.norm_bias"])

    @staticmethod
    def _norm(x: Any, weight: Any, bias: Any) -> Any:
        return functional.layer_norm(x, (x.shape[-1],), weight, bias, EPSILON)
