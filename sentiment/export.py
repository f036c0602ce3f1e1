"""Turns trained weights into the model folder that `NetworkClassifier` opens. Needs the extra ``train`` (onnx)."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sentiment.assessment import SENTIMENTS
from sentiment.calibration import temperature, threshold
from sentiment.graph import GraphBuilder, Shape
from sentiment.labelled import Labelled
from sentiment.network import NetworkClassifier
from sentiment.weights import EMBEDDING_LAYER, Weights, layers_of
from sentiment.words import readable

HEADS, EPSILON = 12, 1e-12
# On 1,169 texts 0.8 kept most labels of 0.5, 0.6 … 0.9; without any evening 7 % of them changed.
_STRENGTH = 0.8
_PRECISIONS = (0.8, 0.9, 0.95)
_ENOUGH = 60  # texts of a language before it gets a temperature of its own


def export(weights_file: Path, tokenizer: Path, out: Path, rows: Sequence[Labelled], name: str) -> dict[str, Any]:
    """Writes model.onnx, tokenizer.json and config.json to ``out`` and returns what config.json holds.

    rows: labelled texts that were not trained on; they even out the inputs of the products, find the temperatures and
    thresholds, and show how often the quantised label is that of the float network (``agreement``).
    Raises ValueError without any row that has a sentiment.
    """
    rows = [row for row in rows if row.sentiment]
    if not rows:
        raise ValueError("export needs labelled texts to calibrate with; give some that were not trained on")
    weights = dict(np.load(weights_file))
    hidden = weights["words"].shape[1]
    shape = Shape(layers_of(weights), hidden, HEADS, EPSILON, min(EMBEDDING_LAYER, layers_of(weights)))
    weights.setdefault("projection.weight", np.eye(hidden, dtype=np.float32))
    weights.setdefault("projection.bias", np.zeros(hidden, np.float32))
    out.mkdir(parents=True, exist_ok=True)
    if tokenizer.resolve() != (out / "tokenizer.json").resolve():
        shutil.copyfile(tokenizer, out / "tokenizer.json")
    config: dict[str, Any] = {"name": name, "max_tokens": len(weights["positions"]), "temperature": {"other": 1.0}}
    texts = [readable(row.text) for row in rows]
    _write(out, GraphBuilder(weights, shape, quantised=False, watched=True), config)
    exact = _logits(out, texts)
    weights |= _evened(NetworkClassifier(out), texts, weights)
    _write(out, GraphBuilder(weights, shape, quantised=True), config)
    found = _logits(out, texts)
    config["agreement"] = round(float((exact.argmax(1) == found.argmax(1)).mean()), 4)
    config["temperature"] = _temperatures(found, rows)
    config["thresholds"] = _thresholds(found, rows, config["temperature"])
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    return config


def _write(out: Path, graph: GraphBuilder, config: Mapping[str, Any]) -> None:
    partial = out / "model.partial"
    partial.write_bytes(graph.build().SerializeToString())
    partial.replace(out / "model.onnx")
    (out / "config.json").write_text(json.dumps(config), "utf-8")


def _evened(watched: NetworkClassifier, texts: Sequence[str], weights: Weights) -> Weights:
    """For each product, by how much each input channel is divided and its weights multiplied before both are rounded.

    A few channels are a hundred times larger than the rest and would coarsen all others. How much of that is moved
    into the weights is SmoothQuant's migration strength (Xiao et al. 2023, equation 4).
    """
    found: Weights = {}
    for name, largest in watched.largest_inputs(texts).items():
        columns = np.maximum(np.abs(weights[name + ".weight"]).max(axis=1), 1e-4)
        factors = np.maximum(largest, 1e-3) ** _STRENGTH / columns ** (1 - _STRENGTH)
        found[f"{name}.evened"] = (factors / np.median(factors)).astype(np.float32)
    return found


def _logits(folder: Path, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[Any]]:
    return NetworkClassifier(folder, threads=2).logits(texts)[:, : len(SENTIMENTS)]


def _temperatures(logits: np.ndarray[Any, np.dtype[Any]], rows: Sequence[Labelled]) -> dict[str, float]:
    wanted = [SENTIMENTS.index(str(row.sentiment)) for row in rows]
    found = {"other": temperature(logits.tolist(), wanted)}
    for language in sorted({row.language for row in rows}):
        chosen = [index for index, row in enumerate(rows) if row.language == language]
        if len(chosen) >= _ENOUGH:
            found[language] = temperature(logits[chosen].tolist(), [wanted[index] for index in chosen])
    return found


def _thresholds(
    logits: np.ndarray[Any, np.dtype[Any]], rows: Sequence[Labelled], temperatures: Mapping[str, float]
) -> dict[str, dict[str, float | None]]:
    """For ``negative``: from which probability on it is right so often, by language."""
    divisors = np.array([temperatures.get(row.language, temperatures["other"]) for row in rows])[:, None]
    scaled = np.exp(logits / divisors)
    negative = (scaled / scaled.sum(axis=1, keepdims=True))[:, 0]
    found: dict[str, dict[str, float | None]] = {}
    for language in temperatures:
        chosen = [i for i, row in enumerate(rows) if language in ("other", row.language)]
        right = [rows[i].sentiment == "negative" for i in chosen]
        found[language] = {str(p): threshold(negative[chosen].tolist(), right, p) for p in _PRECISIONS}
    return found
