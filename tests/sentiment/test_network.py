"""The shipped network: what it says does not depend on what is read beside it, nor on how many threads read."""

import pytest

from sentiment.network import NetworkClassifier
from sentiment.reading import Passage

KIND, ANGRY = "The staff were wonderful and so kind. ", "The bathroom was filthy and it stank."


@pytest.fixture(scope="module")
def network() -> NetworkClassifier:
    return NetworkClassifier()


def test_each_sentence_of_a_passage_is_judged_by_its_own_pieces(network: NetworkClassifier) -> None:
    (found,) = network.read([Passage((KIND, ANGRY), "en")])
    kind, angry = found.sentences
    assert kind.sentiment[2] > found.whole.sentiment[2] > angry.sentiment[2]
    assert angry.sentiment[0] > found.whole.sentiment[0] > kind.sentiment[0]


def test_a_passage_of_one_sentence_has_no_readings_of_parts(network: NetworkClassifier) -> None:
    (found,) = network.read([Passage((KIND,), "en")])
    assert found.sentences == ()


def test_many_threads_answer_as_one_does(network: NetworkClassifier) -> None:
    many = [Passage((f"{KIND}{number} {ANGRY}" * (number % 3 + 1),), "en") for number in range(45)]
    one, several = network.read(many), NetworkClassifier(threads=3).read(many)
    assert [each.whole.sentiment for each in one] == [each.whole.sentiment for each in several]
