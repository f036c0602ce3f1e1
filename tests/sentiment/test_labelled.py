from pathlib import Path

import pytest

from sentiment.labelled import read_labelled


def test_csv_from_a_spreadsheet_is_read_with_its_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes('\ufefftext,label,topics\n部屋が汚い,Negative,"cleanliness, facilities"\nok,,\n'.encode())
    first, second = read_labelled(file)
    assert (first.sentiment, first.topics) == ("negative", ("cleanliness", "facilities"))
    assert (second.sentiment, second.topics) == (None, ())


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"text": "a", "sentiment": "bad"}', "negative, neutral, positive"),
        ('{"text": "a", "topics": ["toilets"]}', "toilets"),
        ('{"text": " "}', "no text"),
        ("{", "not JSON"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(line: str, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "own.jsonl"
    file.write_text('{"text": "fine", "sentiment": "positive"}\n' + line, "utf-8")
    with pytest.raises(ValueError, match=complaint) as caught:
        read_labelled(tmp_path)
    assert "own.jsonl:2" in str(caught.value)


def test_a_folder_without_data_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no \.jsonl or \.csv"):
        read_labelled(tmp_path)
