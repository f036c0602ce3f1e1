import json
from pathlib import Path

import pytest

from sentiment.assessor import MentionText, open_assessor
from sentiment.hugging_face import HuggingFaceClassifier, classes

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad"]


@pytest.mark.parametrize(
    ("labels", "places"),
    [
        (["LABEL_0", "LABEL_1", "LABEL_2"], [0, 1, 2]),
        (["positive", "neutral", "negative"], [2, 1, 0]),
        (["NEG", "POS"], [0, 2]),
        (["ネガティブ", "ニュートラル", "ポジティブ"], [0, 1, 2]),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], [0, 0, 1, 2, 2]),
    ],
)
def test_label_names_in_use_are_understood(labels: list[str], places: list[int]) -> None:
    assert classes(dict(enumerate(labels))) == places


def test_labels_that_mean_something_else_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="toxic"):
        classes({0: "toxic", 1: "clean"})


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A classifier of one layer that knows two words: more of "good" is more positive."""
    torch = pytest.importorskip("torch")
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    (tmp_path / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
    BertTokenizerFast(vocab=str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8,
        id2label={0: "positive", 1: "neutral", 2: "negative"}, label2id={"positive": 0, "neutral": 1, "negative": 2},
    )  # fmt: skip
    torch.manual_seed(0)
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.tensor([-2.0, 0.0, 2.0]))
    model.save_pretrained(tmp_path)
    return tmp_path


def test_a_classifier_of_a_folder_gives_the_sentiment_and_ours_the_rest(tiny: Path) -> None:
    found = open_assessor(str(tiny)).assess([MentionText("The breakfast was cold"), MentionText("good")])
    assert [each.sentiment.label for each in found] == ["negative", "negative"]
    assert found[0].model == str(tiny)
    assert "food" in {topic.name for topic in found[0].topics}


def test_a_folder_without_onnx_says_what_to_do_when_torch_is_missing(tmp_path: Path) -> None:
    from sentiment.hugging_face import _onnx_file

    (tmp_path / "config.json").write_text(json.dumps({}), "utf-8")
    with pytest.raises(OSError, match="pip install torch"):
        _onnx_file(str(tmp_path))


def test_nothing_is_loaded_before_the_first_text() -> None:
    assert HuggingFaceClassifier("nobody/nothing").name == "nobody/nothing"
