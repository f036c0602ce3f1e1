import pytest

from sentiment.assessor import Assessor, MentionText, open_assessor

LONG = (
    "先月、家族で二泊しました。お部屋からの眺めは素晴らしく、朝食の焼き魚もとても美味しくいただきました。"
    "ところが二日目の夜、予約していた貸切風呂が別のお客様に使われており、フロントの方に三十分も待たされた上、謝罪もありませんでした。"
    "駐車場は広くて停めやすかったです。駅からの送迎バスも時間通りでした。"
)


def test_a_complaint_is_negative_with_topic_severity_and_evidence(shipped: Assessor) -> None:
    found = shipped.assess(
        [MentionText("エアコンが壊れていて一晩中眠れませんでした。フロントに言っても放置。最悪です。")]
    )[0]
    assert found.sentiment.label == "negative"
    assert "facilities" in {topic.name for topic in found.topics}
    assert found.severity in ("minor", "major")
    assert found.evidence is not None
    assert found.model.startswith("kintsugi")


def test_the_evidence_of_a_long_text_is_the_sentence_that_decided(shipped: Assessor) -> None:
    found = shipped.assess([MentionText(LONG, rating=1)])[0]
    assert found.sentiment.label == "negative"
    assert found.evidence is not None
    assert "待たされた" in found.evidence.text
    assert LONG[found.evidence.start : found.evidence.end] == found.evidence.text


def test_a_polite_wish_is_a_complaint(shipped: Assessor) -> None:
    found = shipped.assess([MentionText("もう少しお部屋の掃除を丁寧にしていただけると嬉しいです。")])[0]
    assert found.sentiment.label == "negative"


def test_a_five_star_text_that_complains_is_found(shipped: Assessor) -> None:
    text = "Dirty sheets, rude staff and the shower never worked. We will not be back."
    found = shipped.assess([MentionText(text, rating=5)])[0]
    assert found.sentiment.label == "negative"
    assert "text_contradicts_stars" in found.reasons


def test_an_answer_does_not_depend_on_its_neighbours(shipped: Assessor) -> None:
    texts = ["料理が最高でした", "The driver was rude and we missed our train", "明日から新商品を発売します", LONG]
    alone = [shipped.assess([MentionText(text)])[0] for text in texts]
    together = shipped.assess([MentionText(text) for text in texts])
    assert [a.sentiment.label for a in alone] == [a.sentiment.label for a in together]
    for one, other in zip(alone, together, strict=True):
        assert one.sentiment.negative == pytest.approx(other.sentiment.negative, abs=0.1)


def test_no_mentions_give_no_answers(shipped: Assessor) -> None:
    assert shipped.assess([]) == []


def test_a_topic_of_ones_own_is_found_by_a_handful_of_examples(shipped: Assessor) -> None:
    pets = [
        "犬と一緒に泊まれて良かった", "ペット可の部屋が少ない", "We brought our dog and he loved it",
        "猫を連れて行けますか", "The room allowed pets",
    ]  # fmt: skip
    assessor = open_assessor(None, topics={"pets": pets})
    with_dog, without = assessor.assess(
        [MentionText("愛犬も一緒に宿泊できるプランが嬉しい"), MentionText("朝食のパンが冷めていた")]
    )
    assert "pets" in {topic.name for topic in with_dog.topics}
    assert "pets" not in {topic.name for topic in without.topics}
