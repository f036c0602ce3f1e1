import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from sentiment.labelled import Labelled, read_labelled

CORPUS = Path(__file__).parents[2] / "sentiment" / "corpus"
TOO_ALIKE = 0.5  # Jaccard similarity of character trigrams


def _grams(text: str) -> frozenset[str]:
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())
    return frozenset(plain[i : i + 3] for i in range(max(1, len(plain) - 2)))


def _rows(split: str) -> list[Labelled]:
    return read_labelled(CORPUS / split)


def test_no_two_texts_of_the_corpus_are_alike_within_or_across_the_splits() -> None:
    texts = [row.text for row in _rows("test") + _rows("train")]
    grams, holders = [_grams(text) for text in texts], defaultdict(list)
    for number, each in enumerate(grams):
        for gram in each:
            holders[gram].append(number)
    holding = {gram: np.array(numbers) for gram, numbers in holders.items()}
    sizes, alike = np.array([len(each) for each in grams]), []
    for number, each in enumerate(grams):
        shared = np.bincount(np.concatenate([holding[gram] for gram in each]), minlength=len(texts))
        shared[number] = 0
        nearest = int((shared / (sizes + len(each) - shared)).argmax())
        if shared[nearest] >= TOO_ALIKE * (sizes[nearest] + len(each) - shared[nearest]):
            alike.append((texts[number], texts[nearest]))
    assert not alike


def test_the_corpus_is_as_large_and_as_even_as_was_promised() -> None:
    rows = _rows("test") + _rows("train")
    languages = Counter(row.language for row in rows)
    assert len(rows) >= 4000
    assert all(languages[each] >= 2000 for each in ("ja", "en"))
    assert all(languages[each] >= 100 for each in ("zh", "ko", "fr", "de", "es"))
    assert all(3 <= len(row.text) <= 400 for row in rows)
    assert all(None not in (row.sentiment, row.topics, row.severity, row.emotion) for row in rows)


def test_labels_of_foreign_sentences_are_kept_without_their_texts() -> None:
    rows = [json.loads(line) for line in (CORPUS / "quasi_labels.jsonl").read_text("utf-8").splitlines()]
    assert len({row["sha1"] for row in rows}) == len(rows) >= 2500
    assert all(set(row) == {"sha1", "label"} and len(row["sha1"]) == 40 for row in rows)
