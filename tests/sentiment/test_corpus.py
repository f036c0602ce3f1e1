import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from math import ceil
from pathlib import Path

import numpy as np
import pytest

from sentiment.labelled import Labelled, read_labelled

CORPUS = Path(__file__).parents[2] / "sentiment" / "corpus"
TOO_ALIKE = 0.5  # Jaccard similarity of character trigrams
TINY = 1e-9  # more than a product of floats is wrong by


def _grams(text: str) -> frozenset[str]:
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())
    return frozenset(plain[i : i + 3] for i in range(max(1, len(plain) - 2)))


def _rows(split: str) -> list[Labelled]:
    return read_labelled(CORPUS / split)


def _alike(texts: list[frozenset[str]], share: float, every: Iterable[int] | None = None) -> set[tuple[int, int]]:
    """The pairs of texts of whose grams at least this share is common; one of each pair is one of `every`.

    A text that is so like another has `least` of its grams. Its most common grams are not looked up: whoever has
    `least` of all has at least half as many of the others.
    """
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(texts):
        for gram in each:
            holders[gram].append(number)
    holding = {gram: np.array(numbers) for gram, numbers in holders.items()}
    found = set()
    for number in range(len(texts)) if every is None else every:
        each = texts[number]
        least = ceil(share * len(each) - TINY)
        known = sorted(each, key=lambda gram: len(holders[gram]))[: len(each) - least // 2]
        shared = np.bincount(np.concatenate([holding[gram] for gram in known]))
        for other in map(int, np.flatnonzero(shared >= least - least // 2)):
            if other != number and len(each & texts[other]) / len(each | texts[other]) >= share:
                found.add((min(other, number), max(other, number)))
    return found


def test_all_pairs_that_are_alike_are_found() -> None:
    grams = [_grams(row.text) for row in _rows("test")[:250]]
    pairs = {
        (a, b)
        for b in range(len(grams))
        for a in range(b)
        if len(grams[a] & grams[b]) / len(grams[a] | grams[b]) >= 0.1
    }
    assert len(pairs) > 20
    assert _alike(grams, 0.1) == pairs


def test_no_text_of_the_test_split_is_like_any_other_nor_a_sample_of_the_train_split() -> None:
    tests, train = _rows("test"), _rows("train")
    _no_two_are_alike(tests + train, [*range(len(tests)), *range(len(tests), len(tests) + len(train), 40)])


@pytest.mark.drill
def test_no_two_texts_of_the_corpus_are_alike_within_or_across_the_splits() -> None:
    _no_two_are_alike(_rows("test") + _rows("train"))


def _no_two_are_alike(rows: list[Labelled], every: Iterable[int] | None = None) -> None:
    texts = [row.text for row in rows]
    alike = _alike([_grams(text) for text in texts], TOO_ALIKE, every)
    assert [(texts[one], texts[other]) for one, other in alike] == []


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
