"""The two assessors that the tests of this stage share: the word list for speed, the network for truth."""

import pytest

from sentiment.assessor import Assessor, open_assessor


@pytest.fixture(scope="session")
def cues() -> Assessor:
    return open_assessor("cues-1")


@pytest.fixture(scope="session")
def shipped() -> Assessor:
    return open_assessor(None)
