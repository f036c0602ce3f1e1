"""How fast the shipped network assesses, against the stock way of running a transformer.

    python benchmarks/sentiment.py [--stock FOLDER] [--weights weights.npz] [--texts 3000]

Stock is `transformers.pipeline("text-classification", batch_size=32)` in torch and fp32 on a twelve-layer
model of the base's shape: FOLDER if one is given, else one with random weights, which run just as fast.
Both get the same mixed Japanese and English mentions in arrival order, in one process after the other, with
two threads; ours as JSON lines, as `kintsugi assess` does. Agreement is that of our labels with the float
network: of `weights.npz`, the file that `kintsugi model train` wrote, if it is given; else of the shipped weights
turned back into floats.
"""

import sys
from pathlib import Path

if Path(sys.path[0]).name == "benchmarks":
    del sys.path[0]  # its files are named like the packages that they measure

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

# This file has the name of the package that it measures, and Python looks beside a script first.
sys.path[0] = str(Path(__file__).parents[1])

from sentiment.assessor import MentionText, open_assessor
from sentiment.labelled import read_labelled
from sentiment.network import SHIPPED, NetworkClassifier
from sentiment.stream import assess_lines
from sentiment.words import readable

CORPUS = Path(__file__).parents[1] / "sentiment" / "corpus"
ALONE = 200  # texts that are timed one by one
THREADS = 2


def main() -> None:
    options = _options()
    if options.only:
        print(json.dumps({"ours": _ours, "stock": _stock}[options.only](options)))
        return
    ours, stock = _in_a_process("ours", options), _in_a_process("stock", options)
    print(f"texts         {options.texts}, mixed ja/en, arrival order, {THREADS} threads")
    print(f"stock         {stock['rate']:.0f}/s, one text p50 {stock['alone']:.1f} ms, rss {stock['rss']:.0f} MB")
    print(f"ours          {ours['rate']:.0f}/s, one text p50 {ours['alone']:.1f} ms, rss {ours['rss']:.0f} MB")
    print(f"network only  {ours['network']:.0f}/s")
    print(f"load          {ours['load']:.2f} s to the first answer, imports included")
    print(f"ratio         {ours['rate'] / stock['rate']:.1f}x, one text {stock['alone'] / ours['alone']:.1f}x")
    print(f"agreement     {100 * _agreement(options):.2f} % with the float network")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--stock", type=Path, help="folder of a fine-tuned model of twelve layers")
    parser.add_argument("--weights", type=Path, help="float weights of the shipped model")
    parser.add_argument("--texts", type=int, default=3000)
    parser.add_argument("--only", choices=["ours", "stock"], help=argparse.SUPPRESS)
    return parser.parse_args()


def _texts(count: int) -> list[str]:
    rows = [row for split in ("test", "train") for row in read_labelled(CORPUS / split) if row.language in ("ja", "en")]
    random.Random(3).shuffle(rows)
    return [row.text for row in rows[:count]]


def _in_a_process(which: str, options: argparse.Namespace) -> dict[str, float]:
    """A process each, so that neither's memory nor threads are the other's."""
    given = ["--stock", str(options.stock)] if options.stock else []
    command = [sys.executable, __file__, "--only", which, "--texts", str(options.texts), *given]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, float] = json.loads(answer.splitlines()[-1])
    return found


def _ours(options: argparse.Namespace) -> dict[str, float]:
    texts = _texts(options.texts)
    began = perf_counter()
    assessor = open_assessor(None, threads=THREADS)
    assessor.assess([MentionText(texts[0])])
    load = perf_counter() - began
    lines = [json.dumps({"text": text}).encode() for text in texts]
    began = perf_counter()
    assert sum("error" not in answer for answer in assess_lines(lines, assessor)) == len(texts)
    rate = len(texts) / (perf_counter() - began)
    rss = _rss()
    alone = statistics.median(_timed(lambda text: assessor.assess([MentionText(text)]), texts[:ALONE]))
    network, plain = NetworkClassifier(SHIPPED, THREADS), [readable(text) for text in texts]
    network.logits(plain[:8])
    began = perf_counter()
    network.logits(plain)
    only = len(texts) / (perf_counter() - began)
    return {"rate": rate, "alone": 1000 * alone, "load": load, "rss": rss, "network": only}


def _stock(options: argparse.Namespace) -> dict[str, float]:
    import torch
    from transformers import pipeline

    torch.set_num_threads(THREADS)
    texts = _texts(options.texts)
    with tempfile.TemporaryDirectory() as made:
        folder = options.stock or _twelve_layers(Path(made))
        classify = pipeline("text-classification", model=str(folder), device="cpu", batch_size=32, truncation=True)
        classify(texts[:32])
        began = perf_counter()
        classify(texts)
        rate = len(texts) / (perf_counter() - began)
        alone = statistics.median(_timed(classify, texts[: ALONE // 2]))
    return {"rate": rate, "alone": 1000 * alone, "rss": _rss()}


def _twelve_layers(folder: Path) -> Path:
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(SHIPPED / "tokenizer.json"), pad_token="<pad>", unk_token="<unk>", model_max_length=512
    )
    tokenizer.save_pretrained(folder)
    config = BertConfig(
        vocab_size=tokenizer.vocab_size, hidden_size=384, num_hidden_layers=12, num_attention_heads=12,
        intermediate_size=1536, max_position_embeddings=512, num_labels=3, pad_token_id=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def _agreement(options: argparse.Namespace) -> float:
    import numpy as np

    from sentiment.export import EPSILON, HEADS
    from sentiment.graph import GraphBuilder, Shape
    from sentiment.weights import EMBEDDING_LAYER, from_onnx, layers_of

    shipped = from_onnx(SHIPPED / "model.onnx")
    weights = shipped | (dict(np.load(options.weights)) if options.weights else {})
    layers = layers_of(weights)
    graph = GraphBuilder(
        weights, Shape(layers, weights["words"].shape[1], HEADS, EPSILON, EMBEDDING_LAYER), quantised=False
    )
    texts = [readable(text) for text in _texts(options.texts)]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "model.onnx").write_bytes(graph.build().SerializeToString())
        for name in ("tokenizer.json", "config.json"):
            (folder / name).symlink_to(SHIPPED / name)
        exact = NetworkClassifier(folder, THREADS).logits(texts)[:, :3].argmax(1)
    return float((exact == NetworkClassifier(SHIPPED, THREADS).logits(texts)[:, :3].argmax(1)).mean())


def _timed(run: object, texts: list[str]) -> list[float]:
    found = []
    for text in texts:
        began = perf_counter()
        run(text)  # type: ignore[operator]
        found.append(perf_counter() - began)
    return found


def _rss() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
