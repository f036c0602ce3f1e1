"""The words of reports in Japanese and English, and figures as a reader of that language writes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from reports.figures import Share

JAPANESE = {
    "title": "{brand} 週次レポート",
    "span": "{start}〜{end}",
    "volume": "新しい投稿",
    "net": "感情スコア（肯定−否定）",
    "negative": "否定的",
    "neutral": "中立",
    "positive": "肯定的",
    "topics": "不満の多かった話題",
    "ratings": "平均評価",
    "cases": "案件",
    "opened": "新規",
    "open_now": "対応中",
    "recovery": "回復率",
    "funnel": "回復までの歩み",
    "flagged": "検知",
    "answered": "返信",
    "resolved": "解決",
    "asked": "事後確認",
    "recovered": "回復",
    "times": "対応の速さ",
    "first_response": "初回返信まで",
    "resolution": "解決まで",
    "median": "中央値",
    "p90": "90パーセンタイル",
    "acknowledged_in_time": "期限内の担当開始",
    "answered_in_time": "期限内の初回返信",
    "before": "前週 {n}",
    "none": "該当なし",
    "of": "{whole}件中{part}件",
    "ratings_count": "{mean}（{n}件）",
    "count": "{n}件",
    "outcomes": "結果",
}
ENGLISH = {
    "title": "{brand}: the week",
    "span": "{start} to {end}",
    "volume": "New mentions",
    "net": "Net sentiment (positive − negative)",
    "negative": "negative",
    "neutral": "neutral",
    "positive": "positive",
    "topics": "What complaints were about",
    "ratings": "Mean rating",
    "cases": "Cases",
    "opened": "opened",
    "open_now": "open now",
    "recovery": "Recovery rate",
    "funnel": "Recovery funnel",
    "flagged": "flagged",
    "answered": "answered",
    "resolved": "resolved",
    "asked": "asked again",
    "recovered": "recovered",
    "times": "How fast",
    "first_response": "To first response",
    "resolution": "To resolution",
    "median": "median",
    "p90": "90th percentile",
    "acknowledged_in_time": "Acknowledged in time",
    "answered_in_time": "Answered in time",
    "before": "{n} the week before",
    "none": "none",
    "of": "{part} of {whole}",
    "ratings_count": "{mean} ({n})",
    "count": "{n}",
    "outcomes": "Outcomes",
}
TOPICS_JA = {
    "staff": "接客",
    "waiting": "待ち時間",
    "delivery": "配送",
    "quality": "品質",
    "cleanliness": "清潔さ",
    "facilities": "設備",
    "food": "食事",
    "price": "価格",
    "billing": "請求",
    "booking": "予約",
    "app": "アプリ",
    "communication": "連絡・説明",
    "safety": "安全",
    "privacy": "個人情報",
    "accessibility": "バリアフリー",
    "surroundings": "周辺環境",
    "other": "その他",
}
OUTCOMES_JA = {
    "recovered": "信頼を回復",
    "improved": "改善",
    "unchanged": "変化なし",
    "lost": "回復できず",
    "withdrawn": "投稿の削除",
    "not_a_case": "対象外",
    "open": "未確定",
}
SEVERITIES_JA = {"none": "対応不要", "minor": "軽微", "major": "重大", "critical": "緊急"}
SMALL = 20  # below this a share is written as counts alone


class Words:
    """The words of one edition: ja, or English for every other language."""

    def __init__(self, language: str) -> None:
        self._japanese = language == "ja"
        self._words = JAPANESE if self._japanese else ENGLISH

    def __call__(self, key: str, **values: object) -> str:
        return self._words[key].format(**values)

    def line(self, key: str, *parts: str) -> str:
        """`Label: a, b` with the punctuation of the language."""
        return f"{self(key)}{'：' if self._japanese else ': '}{self.series(parts)}"

    def aside(self, text: str) -> str:
        """Brackets around a remark."""
        return f"（{text}）" if self._japanese else f" ({text})"

    def series(self, parts: Iterable[str]) -> str:
        """A list within a sentence."""
        return ("、" if self._japanese else ", ").join(parts)

    def topic(self, name: str) -> str:
        """A topic; a team's own topics keep their name."""
        return TOPICS_JA.get(name, name) if self._japanese else name

    def outcome(self, name: str) -> str:
        """An outcome, or `open`."""
        return OUTCOMES_JA.get(name, name) if self._japanese else name.replace("_", " ")

    def severity(self, name: str) -> str:
        """A severity."""
        return SEVERITIES_JA[name] if self._japanese else name

    def share(self, share: Share) -> str:
        """Counts alone where they are small; otherwise per cent with the 95 % interval."""
        if not share.whole:
            return self("none")
        counts = self("of", part=share.part, whole=share.whole)
        if share.whole < SMALL or share.value is None or share.interval is None:
            return counts
        low, high = share.interval
        return f"{share.value:.0%}" + self.aside(self.series((f"{low:.0%}–{high:.0%}", counts)))

    def duration(self, span: timedelta | None) -> str:
        """`3h 20m`, `2日4時間`; a dash where nothing was measured."""
        if span is None:
            return "–"
        minutes = round(span.total_seconds() / 60)
        days, minutes = divmod(minutes, 1440)
        hours, minutes = divmod(minutes, 60)
        units = ("日", "時間", "分") if self._japanese else ("d", "h", "m")
        parts = [f"{n}{unit}" for n, unit in zip((days, hours, minutes), units, strict=True) if n]
        return ("" if self._japanese else " ").join(parts[:2]) or f"0{units[2]}"
