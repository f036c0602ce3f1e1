"""What a writer wants of the brand, and needs of us next."""

import json
from collections import Counter
from functools import cache

import numpy as np
import pytest

from sentiment.assessment import INTENTS, NEXT_STEPS
from sentiment.assessor import Assessor, MentionText
from sentiment.labelled import read_labelled
from sentiment.marking import CORPUS
from sentiment.stars import intent_with_stars, next_step_with_stars
from sentiment.wants import fitted, intents, next_steps, with_intents

FLOORS = json.loads((CORPUS.parent / "floors.json").read_text("utf-8"))["next step"]
steps_of = cache(next_steps)
PLAIN = {
    "スープが冷めていて、店員さんも感じが悪かった。": "complaint",
    "The zip broke on the second day and nobody answers my mails.": "complaint",
    "土曜日の午後も診てもらえますか？": "question",
    "Do you deliver to the Orkney islands?": "question",
    "次の更新で、暗い画面を選べるようにしていただけると嬉しいです。": "wish",
    "Please add a way to sort the list by date.": "wish",
    "夜中に熱を出した娘のために氷枕を届けてくれた。ありがとう。": "thanks",
    "Best haircut of my life, thank you Sal!": "thanks",
    "【お知らせ】12月1日より営業時間を変更いたします。": "news",
    "Harrow Rail to close two branch lines from May": "news",
    "明日は燃えるゴミの日か": "other",
    "off to my sister's for the weekend": "other",
}


def test_plain_texts_are_heard_as_they_are_meant(shipped: Assessor) -> None:
    found = shipped.assess([MentionText(text) for text in PLAIN])
    assert {text: one.intent and one.intent.label for text, one in zip(PLAIN, found, strict=True)} == PLAIN


def test_stars_tell_a_lukewarm_line_from_praise(shipped: Assessor) -> None:
    low, high = shipped.assess([MentionText("思ったとおりの味でした。", rating=stars) for stars in (1, 5)])
    assert low.intent is not None
    assert high.intent is not None
    assert (low.intent.label, high.intent.label) == ("complaint", "thanks")


def test_a_plain_question_stays_one_under_one_star() -> None:
    sure = (0.01, 0.95, 0.01, 0.01, 0.01, 0.01)
    assert INTENTS[int(np.argmax(intent_with_stars(sure, 1)))] == "question"
    assert intent_with_stars(sure, None) == sure
    assert sum(intent_with_stars(sure, 4)) == pytest.approx(1)


def test_a_text_that_says_nothing_wants_what_its_stars_say(shipped: Assessor, cues: Assessor) -> None:
    found = shipped.assess([MentionText("", rating=stars) for stars in (None, 1, 5)])
    assert [one.intent and one.intent.label for one in found] == ["other", "complaint", "thanks"]
    assert cues.assess([MentionText("Do you deliver?")])[0].intent is None


def test_the_fit_tells_apart_what_can_be_told_apart_and_says_how_often_it_cannot() -> None:
    chance = np.random.default_rng(3)
    wanted = chance.integers(0, 2, 600)
    told = np.where(chance.random(600) < 0.9, wanted, 1 - wanted)  # one label in ten is wrong
    inputs = np.stack([told * 2.0 - 1, chance.normal(size=600)], axis=1)
    weight, bias = fitted(inputs, [INTENTS[index] for index in wanted], INTENTS)
    scores = np.exp(inputs @ weight + bias)
    sure = (scores / scores.sum(axis=1, keepdims=True)).max(axis=1)
    assert (scores.argmax(axis=1) == told).all()
    assert sure.mean() == pytest.approx(0.9, abs=0.05)


def test_labels_of_intents_belong_to_texts_of_the_corpus() -> None:
    known = intents()
    train, test = (with_intents(read_labelled(CORPUS / split), known) for split in ("train", "test"))
    assert len(train) + len(test) == len(known)
    counts = Counter((row.language, row.intent) for row in train)
    assert all(counts[language, intent] >= 60 for language in ("ja", "en") for intent in INTENTS)
    assert Counter(row.language for row in test) == {"ja": 300, "en": 300}


NEEDS = {
    "注文した椅子の脚が折れて届きました。交換してください。": "settle",
    "The parcel never came and I want my money back.": "settle",
    "スタッフの方がとても親切で、また伺いたいです。": "thank",
    "Lovely room, we will be back!": "thank",
    "朝食の品数がもう少し多いと嬉しいです。": "pass_on",
    "【お知らせ】12月1日より営業時間を変更いたします。": "none",
    "犬を連れて泊まれますか？": "answer",
    "Do you open on Sundays?": "answer",
    "エビ抜きと伝えたのに入っていて、娘が救急車で運ばれました。": "person",
}


def test_what_a_writer_needs_next_is_heard(shipped: Assessor, cues: Assessor) -> None:
    found = shipped.assess([MentionText(text) for text in NEEDS])
    assert {text: one.next_step and one.next_step.label for text, one in zip(NEEDS, found, strict=True)} == NEEDS
    assert cues.assess([MentionText("Do you deliver?")])[0].next_step is None


def test_a_defect_under_one_star_is_to_be_settled_and_no_thanks_are_due(shipped: Assessor) -> None:
    text = "半年で二個とも充電できなくなりました。"
    (low,) = shipped.assess([MentionText(text, rating=1)])
    assert low.next_step is not None
    assert low.next_step.label in ("settle", "pass_on")
    sure = (0.02, 0.9, 0.02, 0.02, 0.02, 0.02)
    assert next_step_with_stars(sure, None) == sure
    assert sum(next_step_with_stars(sure, 2)) == pytest.approx(1)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_next_step_is_mostly_what_readers_chose(shipped: Assessor, language: str) -> None:
    rows = [(text, step) for text, lang, step in steps_of("test") if lang == language]
    assert len(rows) >= 200
    found = shipped.assess([MentionText(text) for text, _ in rows])
    right = sum(
        one.next_step is not None and one.next_step.label == step for one, (_, step) in zip(found, rows, strict=True)
    )
    assert 100 * right / len(rows) >= FLOORS[language]


def test_next_steps_are_labelled_of_texts_in_either_language() -> None:
    counts = Counter((language, step) for _, language, step in steps_of("train"))
    assert all(counts[language, step] >= 40 for language in ("ja", "en") for step in NEXT_STEPS)
