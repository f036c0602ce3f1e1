"""What reads Japanese is shared by all threads of a process."""

from concurrent.futures import ThreadPoolExecutor

from responder.composing.japanese.grammar import words


def test_many_threads_read_at_once() -> None:
    sentence = "お風呂の排水が悪く、フロントに二度お伝えしても、どなたも来てくださいませんでした。"
    texts = [f"{number}号室です。{sentence * 12}" for number in range(400)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(words, texts))
    assert [read[0].text for read in found] == [str(number) for number in range(400)]
