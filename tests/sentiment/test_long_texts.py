from sentiment.long_texts import combined
from sentiment.reading import Reading
from sentiment.sentences import Sentence

CALM = Reading((0.1, 0.3, 0.6), {"food": 0.9}, (0.9, 0.0, 0.1, 0.0), (0.9, 0.05, 0.03, 0.02))
GRAVE = Reading((0.9, 0.05, 0.05), {"safety": 0.95}, (0.0, 0.9, 0.1, 0.0), (0.0, 0.05, 0.15, 0.8))


def _parts(*lengths: int) -> list[Sentence]:
    return [Sentence("x" * length, 0, length) for length in lengths]


def test_a_text_that_is_seen_at_once_is_read_as_a_whole() -> None:
    assert combined(_parts(200, 100, 100), [CALM, GRAVE, CALM]) is CALM


def test_one_grave_sentence_far_down_decides_the_severity_of_a_long_text() -> None:
    found = combined(_parts(900, 400, 400, 100), [CALM, CALM, CALM, GRAVE])
    assert found.severity == GRAVE.severity
    assert found.topics["safety"] > 0.7
    assert found.topics["food"] == 0.9


def test_much_blame_behind_a_friendly_start_makes_a_long_text_negative() -> None:
    found = combined(_parts(1500, 200, 600, 700), [CALM, CALM, GRAVE, GRAVE])
    assert max(found.sentiment) == found.sentiment[0]
    assert abs(sum(found.sentiment) - 1) < 1e-9
