"""The assessors that the tests of this stage share: the word list for speed, the network for truth."""

from collections.abc import Sequence

import pytest

from sentiment.assessor import Assessor, open_assessor
from sentiment.evaluate import evaluate
from sentiment.labelled import Labelled, read_labelled
from sentiment.marking import CORPUS
from sentiment.network import NetworkClassifier
from sentiment.reading import Passage, PassageReading


class ReadOnce:
    """The shipped network, which is not asked again about what it has read."""

    def __init__(self) -> None:
        self._network = NetworkClassifier(threads=2)
        self._known: dict[Passage, PassageReading] = {}
        self.name = self._network.name

    def read(self, passages: Sequence[Passage]) -> list[PassageReading]:
        new = [passage for passage in dict.fromkeys(passages) if passage not in self._known]
        self._known |= zip(new, self._network.read(new), strict=True)
        return [self._known[passage] for passage in passages]


@pytest.fixture(scope="session")
def cues() -> Assessor:
    return open_assessor("cues-1")


@pytest.fixture(scope="session")
def shipped() -> Assessor:
    return open_assessor(None)


@pytest.fixture(scope="session")
def unseen() -> list[Labelled]:
    return read_labelled(CORPUS / "test")


@pytest.fixture(scope="session")
def well_read(unseen: list[Labelled]) -> Assessor:
    """The shipped network, which has read the test split: by its twelve hundred readings several figures are judged."""
    made = Assessor(ReadOnce())
    evaluate(made, unseen, draws=0)  # all at once, whichever test comes first: neighbours are rounded together
    return made
