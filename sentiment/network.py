"""The shipped network: one ONNX file, run by ONNX Runtime, batched by length."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sentiment.assessment import EMOTIONS, SENTIMENTS, SEVERITIES, TOPICS
from sentiment.reading import Reading

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

SHIPPED = Path(__file__).parent / "model"
_TOKENS_A_BATCH = 1024  # more does not run faster, and only needs memory
_TEXTS_A_BATCH = 64
_LONGEST_CHARACTERS = 1200  # no tokenizer turns more into the 128 pieces that are read
_PAD = 1
_HEADS = (len(SENTIMENTS), len(TOPICS), len(EMOTIONS), len(SEVERITIES))


class NetworkClassifier:
    """Reads texts with the network in ``folder`` (model.onnx, tokenizer.json, config.json).

    Nothing is loaded before the first text. ``threads`` counts the threads of one product; a worker among
    others does best with one. Raises FileNotFoundError when the folder holds no model.
    """

    def __init__(self, folder: Path = SHIPPED, threads: int = 1) -> None:
        if not (folder / "model.onnx").is_file():
            raise FileNotFoundError(f"{folder}: no model.onnx here; `kintsugi model export` writes one")
        self._folder, self._threads = folder, threads
        self._config: Mapping[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))

    @property
    def name(self) -> str:
        """Name and version of the model, as assessments carry it."""
        return str(self._config["name"])

    @property
    def config(self) -> Mapping[str, Any]:
        """Temperatures, thresholds and figures that were written at export."""
        return self._config

    def read(self, texts: Sequence[str], languages: Sequence[str]) -> list[Reading]:
        """One reading a text, in order; probabilities are calibrated with the temperature of its language."""
        rows = self._encoded(texts)
        readings: list[Reading | None] = [None] * len(rows)
        for batch in _batches([len(row) for row in rows]):
            logits, embeddings = self.run([rows[index] for index in batch])
            for place, index in enumerate(batch):
                readings[index] = self._reading(logits[place], embeddings[place], languages[index])
        return [reading for reading in readings if reading is not None]

    def run(self, rows: Sequence[Sequence[int]]) -> tuple["Array", "Array"]:
        """Raw logits of all heads and unit embeddings of one batch of token ids."""
        logits, embeddings = self._session.run(["logits", "embedding"], _padded(rows))
        return logits, embeddings

    def logits(self, texts: Sequence[str]) -> "Array":
        """Raw logits of all heads, texts x outputs, in order: for calibration, not for answers."""
        import numpy as np

        rows = self._encoded(texts)
        found: list[Array] = [np.zeros(0)] * len(rows)
        for batch in _batches([len(row) for row in rows]):
            for index, logits in zip(batch, self.run([rows[index] for index in batch])[0], strict=True):
                found[index] = logits
        return np.stack(found)

    def largest_inputs(self, texts: Sequence[str]) -> dict[str, "Array"]:
        """The largest absolute input of every channel of every product, from a graph that was built to watch."""
        import numpy as np

        names = [out.name for out in self._session.get_outputs() if out.name.endswith(".largest")]
        rows = self._encoded(texts)
        found: dict[str, Array] = {}
        for batch in _batches([len(row) for row in rows]):
            for name, values in zip(
                names, self._session.run(names, _padded([rows[index] for index in batch])), strict=True
            ):
                key = name.removesuffix(".largest")
                found[key] = np.maximum(found.get(key, values), values)
        return found

    def _encoded(self, texts: Sequence[str]) -> list[list[int]]:
        longest = int(self._config["max_tokens"])
        encoded = self._tokenizer.encode_batch([text[:_LONGEST_CHARACTERS] for text in texts])
        rows = [encoding.ids for encoding in encoded]
        # The last piece is the end mark, which the network saw under every text that it learned from.
        return [row if len(row) <= longest else [*row[: longest - 1], row[-1]] for row in rows]

    def _reading(self, logits: "Array", embedding: "Array", language: str) -> Reading:
        sentiment, topics, emotion, severity = _split(logits.tolist())
        temperatures = self._config["temperature"]
        negative, neutral, positive = _softmax(sentiment, float(temperatures.get(language, temperatures["other"])))
        return Reading(
            sentiment=(negative, neutral, positive),
            topics={name: 1 / (1 + exp(-x)) for name, x in zip(TOPICS, topics, strict=True)},
            emotion=tuple(_softmax(emotion)),
            severity=tuple(_softmax(severity)),
            embedding=embedding.tolist(),
        )

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # an arena keeps the largest batch for ever
        # A spinning thread takes the core away from the rest of the service: slower with two cores.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices of texts of like length, so that little is computed for padding."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda index: lengths[index]):
        if batch and (len(batch) == _TEXTS_A_BATCH or lengths[index] * (len(batch) + 1) > _TOKENS_A_BATCH):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _padded(rows: Sequence[Sequence[int]]) -> dict[str, "Array"]:
    import numpy as np

    ids = np.full((len(rows), max(map(len, rows))), _PAD, dtype=np.int64)
    mask = np.zeros(ids.shape, dtype=np.int32)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
        mask[place, : len(row)] = 1
    return {"ids": ids, "mask": mask}


def _split(logits: list[float]) -> list[list[float]]:
    parts, start = [], 0
    for size in _HEADS:
        parts.append(logits[start : start + size])
        start += size
    return parts


def _softmax(logits: Sequence[float], temperature: float = 1.0) -> list[float]:
    top = max(logits)
    weights = [exp((x - top) / temperature) for x in logits]
    total = sum(weights)
    return [weight / total for weight in weights]
