"""The weights of the network as named arrays, the one form between training, export and the shipped file.

Names are those of `sentiment.graph`: ``words``, ``positions``, ``norm.*``, ``layer.N.*``, ``heads.*``,
``projection.*``. Products are stored as (inputs x outputs).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Weights = dict[str, Array]
LONGEST = 128  # pieces; positions beyond are not kept
EMBEDDING_LAYER = 4  # a middle layer, which still knows what a text is about
OUTPUTS = 40  # 3 sentiments, 17 topics, 4 emotions, 4 severities, 6 intents, 6 next steps


def from_hugging_face(folder: Path, layers: int) -> Weights:
    """The lowest ``layers`` layers of a BERT-shaped encoder in ``folder`` (model.safetensors), fresh heads.

    The upper layers of a model that was trained to compare sentences learn another task more slowly than
    they help it: with this little training the lower nine gave better figures than all twelve.
    """
    stored = {name.removeprefix("bert."): array for name, array in _safetensors(folder / "model.safetensors").items()}
    table = "embeddings."
    weights: Weights = {
        "words": stored[table + "word_embeddings.weight"],
        "positions": stored[table + "position_embeddings.weight"][:LONGEST]
        + stored[table + "token_type_embeddings.weight"][0],
        "norm.weight": stored[table + "LayerNorm.weight"],
        "norm.bias": stored[table + "LayerNorm.bias"],
    }
    for layer in range(layers):
        weights |= _layer(stored, f"encoder.layer.{layer}.", f"layer.{layer}.")
    hidden = weights["words"].shape[1]
    spread = np.random.default_rng(0).standard_normal((hidden, OUTPUTS))
    weights["heads.weight"] = (spread * 0.02).astype(np.float32)
    weights["heads.bias"] = np.zeros(OUTPUTS, np.float32)
    return weights


def _safetensors(file: Path) -> Weights:
    """All tensors of ``file`` as float32: eight bytes of length, a JSON table of contents, the numbers."""
    import json

    raw = file.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    contents = json.loads(raw[8:start])
    contents.pop("__metadata__", None)
    found: Weights = {}
    for name, entry in contents.items():
        first, last = (start + offset for offset in entry["data_offsets"])
        kind = {"F16": "<f2", "F32": "<f4"}.get(entry["dtype"])
        if kind is not None:  # whole numbers are position ids
            found[name] = np.frombuffer(raw[first:last], kind).reshape(entry["shape"]).astype(np.float32)
    return found


def _layer(stored: Mapping[str, Array], theirs: str, ours: str) -> Weights:
    attention = [theirs + f"attention.self.{part}." for part in ("query", "key", "value")]
    mixed, up, down = theirs + "attention.output.", theirs + "intermediate.dense.", theirs + "output."
    return {
        ours + "qkv.weight": np.concatenate([stored[part + "weight"].T for part in attention], axis=1),
        ours + "qkv.bias": np.concatenate([stored[part + "bias"] for part in attention]),
        ours + "output.weight": stored[mixed + "dense.weight"].T,
        ours + "attention.bias": stored[mixed + "dense.bias"],
        ours + "attention.weight": stored[mixed + "LayerNorm.weight"],
        ours + "attention.norm_bias": stored[mixed + "LayerNorm.bias"],
        ours + "up.weight": stored[up + "weight"].T,
        ours + "up.bias": stored[up + "bias"],
        ours + "down.weight": stored[down + "dense.weight"].T,
        ours + "feed.bias": stored[down + "dense.bias"],
        ours + "feed.weight": stored[down + "LayerNorm.weight"],
        ours + "feed.norm_bias": stored[down + "LayerNorm.bias"],
    }


def from_onnx(file: Path) -> Weights:
    """The weights of an exported model, quantised products and words turned back into floats.

    What quantisation rounded away stays away; it is a good start for learning more, not the original.
    """
    import onnx
    from onnx import numpy_helper

    tensors = {t.name: numpy_helper.to_array(t) for t in onnx.load(str(file)).graph.initializer}
    weights = {
        name: array.astype(np.float32)
        for name, array in tensors.items()
        if name == "positions" or name.endswith(("weight", "bias"))
    }
    for name in [name.removesuffix(".codes") for name in tensors if name.endswith(".codes")]:
        codes, scales = tensors[name + ".codes"].astype(np.float32), tensors[name + ".scales"]
        if name == "words":
            blocks = codes.reshape(len(codes), scales.shape[1], -1)
            weights["words"] = (blocks * scales[:, :, None]).reshape(codes.shape)
            continue
        # What was evened out at export is undone: it is stored as the factor on the inputs.
        inputs = tensors.get(name + ".evened", np.ones(len(codes), np.float32))
        weights[name + ".weight"] = codes * scales * inputs[:, None]
    if "words" not in weights:
        weights["words"] = tensors["words"]
    return weights


def pruned(weights: Mapping[str, Array], layers: Sequence[int]) -> Weights:
    """``weights`` with only the named layers, in that order; `sentiment.train` heals what the cut hurts."""
    found = {name: array for name, array in weights.items() if not name.startswith("layer.")}
    for place, layer in enumerate(layers):
        start = f"layer.{layer}."
        cut = {name: array for name, array in weights.items() if name.startswith(start)}
        if not cut:
            raise ValueError(f"there is no layer {layer} to keep: the network has {layers_of(weights)}, counted from 0")
        found |= {f"layer.{place}.{name.removeprefix(start)}": array for name, array in cut.items()}
    return found


def layers_of(weights: Mapping[str, Array]) -> int:
    """How many layers ``weights`` hold."""
    return sum(name.endswith("qkv.weight") for name in weights)
