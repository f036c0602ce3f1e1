import pytest

from sentiment.alarms import alarms
from sentiment.assessment import INTENTS
from sentiment.mention_text import MentionText
from sentiment.reading import Reading
from sentiment.triage import LARGE_REACH, triage

COMPLAINT, PRAISE = (0.8, 0.15, 0.05), (0.02, 0.03, 0.95)
NUISANCE, GRAVE, NONE = (0.1, 0.8, 0.08, 0.02), (0.05, 0.05, 0.2, 0.7), (0.97, 0.02, 0.01, 0.0)


def _triage(
    text: str, sentiment: tuple[float, float, float] = COMPLAINT, reach: int | None = None
) -> tuple[str, str, list[str]]:
    severity = NUISANCE if sentiment == COMPLAINT else NONE
    return triage(text, MentionText(text, reach=reach), Reading(sentiment, severity=severity), sentiment)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("階段で転んで骨折しました", "injury"),
        ("They had to call an ambulance for my wife", "injury"),
        ("食べた全員が嘔吐と下痢、保健所に連絡しました", "food_safety"),
        ("We all got food poisoning from the oysters", "food_safety"),
        ("コンセントから発煙して焦げ臭かった", "danger"),
        ("There was a smell of gas in the room all night", "danger"),
        ("外国人だからと入店を断られた", "discrimination"),
        ("I was refused because of my skin color", "discrimination"),
        ("他人の住所が画面に表示されました", "data_leak"),
        ("My personal data was leaked to strangers", "data_leak"),
        ("身に覚えのない請求が三回", "fraud"),
        ("弁護士に相談しています", "legal_threat"),
        ("You will hear from my lawyer", "legal_threat"),
        ("店長に体を触られた", "harassment"),
    ],
)
def test_a_complaint_with_a_word_of_alarm_is_critical_and_names_it(text: str, reason: str) -> None:
    severity, urgency, reasons = _triage(text)
    assert (severity, urgency) == ("critical", "high")
    assert reason in reasons


@pytest.mark.parametrize(
    "text",
    [
        "死ぬほど美味しい、また行く",
        "This place has killer views and food to die for",
        "爆笑した、最高の接客",
        "the pool is sick, best deal",
    ],
)
def test_praise_in_scary_words_alarms_nobody(text: str) -> None:
    assert _triage(text, PRAISE) == ("none", "low", [])


@pytest.mark.parametrize(
    "text",
    [
        "Northern hospitality was missing and the room was small",
        "Poor advice, and the DVD that they advertised was scratched",
        "The gastropub was overpriced and the pie was cold",
        "Die Anzeige der App funktioniert nicht",
        "La chaqueta negra es peor que en la foto",
        "El consumo de batería es enorme",
    ],
)
def test_a_word_of_alarm_inside_another_word_alarms_nobody(text: str) -> None:
    assert [name for name, _ in alarms(text)] == []


def test_a_word_of_alarm_in_plain_praise_alarms_nobody() -> None:
    assert _triage("I slipped and fell, and the staff were wonderful about it", PRAISE)[0] == "none"


def test_a_child_makes_nothing_critical_but_is_named_where_something_is() -> None:
    assert _triage("子ども用の椅子が足りない") == ("minor", "normal", [])
    assert "child_concerned" in _triage("子どもが熱湯で火傷した")[2]


def test_the_model_alone_can_call_a_calm_text_critical() -> None:
    reading = Reading(COMPLAINT, severity=GRAVE)
    assert triage("静かに書きます。", MentionText(""), reading, COMPLAINT)[0] == "critical"


@pytest.mark.parametrize(("intent", "severity"), [(0, "critical"), (4, "critical"), (3, "major"), (5, "major")])
def test_the_model_alone_calls_critical_only_what_complains_or_reports(intent: int, severity: str) -> None:
    wants = tuple(0.75 if place == intent else 0.05 for place in range(len(INTENTS)))
    reading = Reading(COMPLAINT, severity=GRAVE, intent=wants)
    assert triage("静かに書きます。", MentionText(""), reading, COMPLAINT)[0] == severity


def test_a_word_of_alarm_that_the_model_does_not_believe_at_all_makes_major_and_is_named() -> None:
    text = "Two children, a paid booking, and a photocopied list of other hotels: my lawyer would laugh"
    severity, _, reasons = triage(
        text, MentionText(text), Reading(COMPLAINT, severity=(0.0, 0.0, 0.99, 0.01)), COMPLAINT
    )
    assert severity == "major"
    assert reasons == ["legal_threat", "child_concerned"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("車いすだと伝えたら「混む時間は遠慮してください」と言われました", "discrimination"),
        ("The clerk said no foreigners without a company", "discrimination"),
        ("隣の部屋の鍵が自分のスマホで開いた", "harassment"),
        ("Half of our party was ill after the buffet", "food_safety"),
        ("署名は祖母の字ではありません", "fraud"),
    ],
)
def test_grave_things_that_are_told_in_everyday_words_are_named(text: str, reason: str) -> None:
    assert reason in [name for name, _ in alarms(text)]


def test_a_charge_that_was_made_twice_is_no_fraud() -> None:
    assert [name for name, _ in alarms("宿泊代が二重に引き落とされました")] == []


def test_a_large_reach_raises_the_severity_by_one_step() -> None:
    assert _triage("まあまあ残念", reach=LARGE_REACH - 1)[0] == "minor"
    severity, _, reasons = _triage("まあまあ残念", reach=LARGE_REACH)
    assert (severity, reasons) == ("major", ["large_reach"])


def test_somebody_who_is_stranded_right_now_is_urgent() -> None:
    assert _triage("至急連絡ください、まだ返事がありません")[1] == "high"
    assert _triage("I'm stuck at the airport, please help")[1] == "high"
    assert _triage("椅子が硬い")[1] == "normal"


def test_an_alarm_tells_where_its_word_stands() -> None:
    text = "部屋は良いが、火傷した"
    assert [(name, text[start:]) for name, start in alarms(text)] == [("injury", "火傷した")]


def test_stars_calm_the_network_and_never_a_word_of_alarm() -> None:
    def severity(text: str, rating: float) -> str:
        return triage(text, MentionText(text, rating), Reading(COMPLAINT, severity=GRAVE), COMPLAINT)[0]

    assert severity("The manager came to our house to apologise", 1) == "critical"
    assert severity("The manager came to our house to apologise", 4) == "minor"
    assert severity("I broke my leg on the stairs", 4) == "critical"
