"""The two assessors that the tests of this stage share: the word list for speed, the network for truth."""

import pytest

from sentiment.assessor import Assessor, open_assessor
from sentiment.network import SHIPPED


@pytest.fixture(scope="session")
def cues() -> Assessor:
    return open_assessor("cues-1")


@pytest.fixture(scope="session")
def shipped() -> Assessor:
    if not (SHIPPED / "model.onnx").exists():
        pytest.skip("the model is not built yet")
    return open_assessor(None)
