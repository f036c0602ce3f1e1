import json
from collections.abc import Iterator

from sentiment.assessor import Assessor
from sentiment.stream import assess_lines


def _line(text: str, **fields: object) -> bytes:
    return json.dumps({"text": text, **fields}, ensure_ascii=False).encode() + b"\n"


def test_answers_come_in_the_order_of_the_lines_although_batches_are_sorted(cues: Assessor) -> None:
    texts = ["最悪の対応でした", "good", "", "x" * 300 + " terrible", "ありがとう"] * 3
    answers = list(assess_lines((_line(text) for text in texts), cues, window=4))
    alone = [next(assess_lines([_line(text)], cues)) for text in texts]
    assert answers == alone


def test_a_line_that_cannot_be_read_is_named_by_its_number_and_the_rest_is_assessed(cues: Assessor) -> None:
    lines = [
        _line("good"), b"\xff\xfe\n", b"{broken\n", b"[1]\n", b'{"rating": 3}\n', _line("bad", rating="five"),
        _line("bad", rating=11), b'{"text": "' + b"[" * 10 + b'"}\n', b"[" * 100_000 + b"\n", _line("bad"),
    ]  # fmt: skip
    answers = list(assess_lines(lines, cues))
    assert [answer.get("line") for answer in answers] == [None, 2, 3, 4, 5, 6, 7, None, 9, None]
    assert all(answer["error"] for answer in answers if "line" in answer)


def test_blank_lines_are_skipped_and_a_byte_order_mark_is_no_error(cues: Assessor) -> None:
    assert [
        a["sentiment"]["label"] for a in assess_lines([b"\n", b"\xef\xbb\xbf" + _line("great"), b"  \n"], cues)
    ] == ["positive"]


def test_no_more_lines_are_read_than_the_window_in_hand_and_the_next(cues: Assessor) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield _line("good")

    answers = assess_lines(endless(), cues, window=8)
    next(answers)
    assert read == 16


def test_the_reach_of_a_crawled_mention_counts_with_its_largest_number(cues: Assessor) -> None:
    answer = next(assess_lines([_line("最悪、ひどい", reach={"followers": 90_000, "boosts": 2})], cues))
    assert "large_reach" in answer["reasons"]


def test_a_reach_without_end_or_sense_counts_nothing_and_stops_nobody(cues: Assessor) -> None:
    wrong = ["1e999", "-1e999", "Infinity", "NaN", '{"likes": 1e999, "views": "many"}', "[[]]", "true"]
    answers = list(assess_lines([f'{{"text": "bad", "reach": {one}}}\n'.encode() for one in wrong], cues))
    assert answers == list(assess_lines([_line("bad")] * len(wrong), cues))
