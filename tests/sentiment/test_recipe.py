"""Trains, exports and opens a network of one small layer: the whole way in seconds. Needs torch and onnx."""

import json
from pathlib import Path

import pytest

from sentiment.assessor import MentionText, open_assessor
from sentiment.labelled import Labelled

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

GOOD, BAD, PLAIN = "great lovely", "awful dirty", "monday report"
WORDS = ["<s>", "<pad>", "</s>", "<unk>", *GOOD.split(), *BAD.split(), *PLAIN.split()]
ROWS = [
    Labelled(text, "en", label, topics, "none", severity)
    for text, label, topics, severity in (
        (GOOD, "positive", ("staff",), "none"), (BAD, "negative", ("cleanliness",), "major"),
        (PLAIN, "neutral", (), "none"),
    )
    for _ in range(60)
]  # fmt: skip


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A base of one layer in Hugging Face format: 24 hidden, as many heads as the real one."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, BertModel

    folder = tmp_path / "base"
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=96, num_hidden_layers=1, num_attention_heads=12, intermediate_size=64,
        max_position_embeddings=128,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def test_what_was_trained_is_exported_and_assesses(base: Path, tmp_path: Path) -> None:
    from sentiment.export import export
    from sentiment.train import Recipe, train

    recipe = Recipe(epochs=12, rate=3e-3, head_rate=3e-2, pieces=60, layers=1)
    weights = train(ROWS, tmp_path / "run", recipe, base)
    config = export(weights, base / "tokenizer.json", tmp_path / "model", ROWS, "tiny-1")
    assert config["agreement"] >= 0.99
    assert json.loads((tmp_path / "model" / "config.json").read_text("utf-8")) == config
    found = open_assessor(str(tmp_path / "model")).assess([MentionText(t) for t in (GOOD, BAD, PLAIN)])
    assert [each.sentiment.label for each in found] == ["positive", "negative", "neutral"]
    assert [topic.name for topic in found[1].topics] == ["cleanliness"]
    assert found[1].model == "tiny-1"


def test_a_run_that_was_stopped_ends_as_if_it_had_not_been(base: Path, tmp_path: Path) -> None:
    import numpy as np

    from sentiment import train as recipe_of
    from sentiment.train import Recipe, train

    recipe = Recipe(epochs=3, rate=1e-3, pieces=60, layers=1)
    whole = np.load(train(ROWS, tmp_path / "whole", recipe, base))

    class Stopped(Exception):
        pass

    def stop(_: str) -> None:
        raise Stopped

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipe_of, "_CHECKPOINT_EVERY", 10)
        with pytest.raises(Stopped):
            train(ROWS, tmp_path / "halved", recipe, base, tell=stop)
    resumed = np.load(train(ROWS, tmp_path / "halved", recipe, base))
    assert all(np.allclose(whole[name], resumed[name], atol=1e-5) for name in whole.files)


def test_a_checkpoint_of_another_recipe_is_refused(base: Path, tmp_path: Path) -> None:
    from sentiment.train import Recipe, train

    train(ROWS, tmp_path / "run", Recipe(epochs=1, layers=1), base)
    with pytest.raises(ValueError, match="another recipe"):
        train(ROWS, tmp_path / "run", Recipe(epochs=2, layers=1), base)


def test_the_words_stay_as_they_were(base: Path, tmp_path: Path) -> None:
    import numpy as np

    from sentiment.train import Recipe, train
    from sentiment.weights import from_hugging_face

    trained = np.load(train(ROWS, tmp_path / "run", Recipe(epochs=1, layers=1), base))
    before = from_hugging_face(base, 1)
    assert np.array_equal(trained["words"], before["words"])
    assert not np.array_equal(trained["layer.0.qkv.weight"], before["layer.0.qkv.weight"])


def test_a_network_that_keeps_some_of_its_layers_comes_close_to_the_whole_one(base: Path, tmp_path: Path) -> None:
    import numpy as np

    from sentiment.multitask import Multitask
    from sentiment.train import Recipe, train
    from sentiment.weights import from_hugging_face, layers_of, pruned

    whole, ids, mask = from_hugging_face(base, 1), torch.tensor([[0, 4, 6, 2]]), torch.ones(1, 4)

    def distance(weights: object) -> float:
        answers = [Multitask(each).pooled(ids, mask) for each in (weights, whole)]  # type: ignore[arg-type]
        return float((answers[0] - answers[1]).detach().norm())

    recipe = Recipe(epochs=3, rate=3e-3, layers=1, keep=(0,))
    kept = dict(np.load(train(ROWS, tmp_path / "kept", recipe, base)))
    alone = dict(np.load(train(ROWS, tmp_path / "alone", Recipe(epochs=3, rate=3e-3, layers=1), base)))
    assert layers_of(kept) == 1
    assert distance(pruned(whole, (0,))) == 0
    assert distance(kept) < distance(alone)


def test_a_layer_that_is_not_there_cannot_be_kept(base: Path, tmp_path: Path) -> None:
    from sentiment.train import Recipe, train

    with pytest.raises(ValueError, match="no layer 3"):
        train(ROWS, tmp_path / "run", Recipe(layers=1, keep=(0, 3)), base)
