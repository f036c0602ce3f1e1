"""The shipped network: one ONNX file, run by ONNX Runtime, batched by length."""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import pairwise
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sentiment.assessment import EMOTIONS, INTENTS, NEXT_STEPS, SENTIMENTS, SEVERITIES, TOPICS
from sentiment.reading import Passage, PassageReading, Reading
from sentiment.spans import spans_of

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

SHIPPED = Path(__file__).parent / "model"
_PIECES_A_BATCH = 512  # more does not run faster, and coarsens what is rounded together
_TEXTS_A_BATCH = 64
_LONGEST_CHARACTERS = 1200  # no tokenizer turns more into the 128 pieces that are read
_PAD = 1
_HEADS = (len(SENTIMENTS), len(TOPICS), len(EMOTIONS), len(SEVERITIES), len(INTENTS), len(NEXT_STEPS))


class NetworkClassifier:
    """Reads texts with the network in ``folder`` (model.onnx, tokenizer.json, config.json).

    Nothing is loaded before the first text. ``threads``: how many batches are read side by side.
    Raises FileNotFoundError when the folder holds no model.
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

    def read(self, passages: Sequence[Passage]) -> list[PassageReading]:
        """One answer a passage, in order; probabilities are calibrated with the temperature of its language."""
        import numpy as np

        encodings = self._encodings([passage.text for passage in passages])
        rows = [self._cut(encoding.ids) for encoding in encodings]
        found: list[PassageReading | None] = [None] * len(rows)
        for batch, (logits, pieces, embeddings, *marked) in self._run_all(rows, self._outputs):
            for place, index in enumerate(batch):
                passage = passages[index]
                length = len(rows[index])
                spans = _spans(passage, encodings[index], length)
                found[index] = PassageReading(
                    self._reading(logits[place], embeddings[place], passage.language),
                    tuple(
                        self._reading(
                            pieces[place, first:last].mean(axis=0) if first < last else logits[place],
                            embeddings[place],
                            passage.language,
                        )
                        for first, last in spans
                    ),
                    *(
                        tuple(spans_of(passage.text, encodings[index].offsets[:length], tags))
                        for marks in marked
                        for tags in np.split(marks[place, :length], 2, axis=1)
                    ),
                )
        return [reading for reading in found if reading is not None]

    def logits(self, texts: Sequence[str]) -> "Array":
        """Raw logits of all heads, texts x outputs, in order: for calibration, not for answers."""
        import numpy as np

        rows = [self._cut(encoding.ids) for encoding in self._encodings(texts)]
        found: list[Array] = [np.zeros(0)] * len(rows)
        for batch, (logits,) in self._run_all(rows, ["logits"]):
            for index, each in zip(batch, logits, strict=True):
                found[index] = each
        return np.stack(found)

    def of_pieces(self, texts: Sequence[str], name: str) -> list[tuple["Array", list[tuple[int, int]]]]:
        """The output `name`, pieces x numbers, of each text in order, with the places of its pieces in the text."""
        encodings = self._encodings(texts)
        rows = [self._cut(encoding.ids) for encoding in encodings]
        found: dict[int, Array] = {}
        for batch, (values,) in self._run_all(rows, [name]):
            found |= {index: each[: len(rows[index])] for index, each in zip(batch, values, strict=True)}
        return [(found[index], encodings[index].offsets[: len(row)]) for index, row in enumerate(rows)]

    def largest_inputs(self, texts: Sequence[str]) -> dict[str, "Array"]:
        """The largest absolute input of every channel of every product, from a graph that was built to watch."""
        import numpy as np

        names = [out.name for out in self._session.get_outputs() if out.name.endswith(".largest")]
        rows = [self._cut(encoding.ids) for encoding in self._encodings(texts)]
        found: dict[str, Array] = {}
        for _, answers in self._run_all(rows, names):
            for name, values in zip(names, answers, strict=True):
                key = name.removesuffix(".largest")
                found[key] = np.maximum(found.get(key, values), values)
        return found

    def _run_all(
        self, rows: Sequence[Sequence[int]], names: Sequence[str]
    ) -> Iterator[tuple[list[int], Sequence["Array"]]]:
        """The named outputs of all rows, batch by batch: the indices of a batch, and its outputs.

        Batches run side by side, one thread each: threads that share the products of one batch wait for each other.
        """
        batches = list(_batches([len(row) for row in rows]))[::-1]  # the longest first: no worker waits for it alone
        session = self._session

        def run(batch: list[int]) -> Sequence["Array"]:
            outputs: Sequence[Array] = session.run(names, _padded([rows[index] for index in batch]))
            return outputs

        if self._threads == 1 or len(batches) == 1:
            return zip(batches, map(run, batches), strict=True)
        return zip(batches, self._workers.map(run, batches), strict=True)

    def _encodings(self, texts: Sequence[str]) -> list[Any]:
        encoded: list[Any] = self._tokenizer.encode_batch([text[:_LONGEST_CHARACTERS] for text in texts])
        return encoded

    def _cut(self, ids: list[int]) -> list[int]:
        """The last piece is the end mark, which the network saw under every text that it learned from."""
        longest = int(self._config["max_tokens"])
        return ids if len(ids) <= longest else [*ids[: longest - 1], ids[-1]]

    def _reading(self, logits: "Array", embedding: "Array", language: str) -> Reading:
        sentiment, topics, emotion, severity, intent, next_step = _split(logits.tolist())
        temperatures = self._config["temperature"]
        negative, neutral, positive = _softmax(sentiment, float(temperatures.get(language, temperatures["other"])))
        return Reading(
            sentiment=(negative, neutral, positive),
            topics={name: 1 / (1 + exp(-x)) for name, x in zip(TOPICS, topics, strict=True)},
            emotion=tuple(_softmax(emotion)),
            severity=tuple(_softmax(severity)),
            embedding=embedding.tolist(),
            intent=tuple(_softmax(intent)) if intent else (),  # a model that was exported before has none
            next_step=tuple(_softmax(next_step)) if next_step else (),
        )

    @cached_property
    def _outputs(self) -> list[str]:
        """What is asked of the graph; a model that was exported before marks no spans."""
        known = {output.name for output in self._session.get_outputs()}
        return ["logits", "pieces", "embedding", *(["spans"] if "spans" in known else [])]

    @cached_property
    def _workers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="reading")

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
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # an arena keeps the largest batch for ever
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices of texts of like length, so that little is computed for padding."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda index: lengths[index]):
        if batch and (len(batch) == _TEXTS_A_BATCH or lengths[index] * (len(batch) + 1) > _PIECES_A_BATCH):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _spans(passage: Passage, encoding: Any, seen: int) -> list[tuple[int, int]]:
    """From which piece to which each sentence of a passage goes; none where it has only one."""
    if len(passage.sentences) < 2:
        return []
    # The first piece and the last one are marks, which belong to no sentence.
    starts = [start for start, _ in encoding.offsets[1 : seen - 1]]
    places, end = [1], 0
    for sentence in passage.sentences:
        end += len(sentence)
        places.append(1 + bisect_left(starts, end))
    return list(pairwise(places))


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
