"""The rubric set: 120 mentions, what was assessed of them, and their drafts as they were last read.

`python -P -m tests.responder.rubric` assesses and drafts again, and writes tests/fixtures/rubric/drafts.jsonl; read the
difference before you commit it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from config.brand import BrandSettings
from responder.drafting.drafts import DraftResult, compose
from responder.drafting.playbooks import load_packs
from responder.drafting.request import DraftRequest, Recent, heard_fields

FOLDER = Path(__file__).parent.parent / "fixtures" / "rubric"
BRANDS = {
    "hospitality": ("ホテル汐見", "Hotel Shiomi"),
    "retail": ("灯りの森", "Akari no Mori"),
    "healthcare": ("若草医院", "Wakakusa Clinic"),
    "financial-services": ("しらかば銀行", "Shirakaba Bank"),
    "technology": ("メモルカ", "Memoruka"),
    "telecom": ("ヒバリモバイル", "Hibari Mobile"),
    "restaurants": ("食堂こもれび", "Komorebi Kitchen"),
    "e-commerce": ("くらしの糸", "Kurashi no Ito"),
    "professional-services": ("みずき会計事務所", "Mizuki Accounting"),
    "transport": ("南潮バス", "Minamishio Bus"),
}


def mentions() -> Iterator[dict[str, Any]]:
    """The mentions as they were written."""
    with (FOLDER / "mentions.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def drafted(mention: Mapping[str, Any], facts: Mapping[str, Any], recent: list[Recent], number: int) -> DraftResult:
    """The draft of one mention from what was assessed of it."""
    ja, en = BRANDS[mention["industry"]]
    brand = BrandSettings(
        name=ja if mention["language"] == "ja" else en,
        aliases=[ja, en],
        industry=mention["industry"],
        contact={"email": "care@example.jp"},
        signature={"ja": f"{ja} 責任者 桐生", "en": f"Aya Kiryu\n{en}"},
    )
    return compose(
        DraftRequest(
            text=mention["text"],
            brand=brand,
            playbooks=load_packs(mention["industry"]),
            rating=mention.get("rating"),
            author=mention.get("author"),
            language=mention["language"],
            sentiment=facts["sentiment"],
            topics=tuple(facts["topics"]),
            severity=facts["severity"],
            reasons=tuple(facts["reasons"]),
            evidence=facts["evidence"],
            **heard_fields(facts),
            source_kind=mention.get("source_kind"),
            kind=mention.get("kind"),
            location=None,
            recent=tuple(recent),
            seed=number,
        )
    )


def assessed(all_mentions: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the assessor of today says of each, by its id."""
    from sentiment.assessor import MentionText, open_assessor

    texts = [MentionText(one["text"], rating=one.get("rating"), language_hint=one["language"]) for one in all_mentions]
    return {
        mention["id"]: {
            "sentiment": one.sentiment.label,
            "topics": [topic.name for topic in one.topics],
            "severity": one.severity,
            "reasons": list(one.reasons),
            "evidence": one.evidence.text if one.evidence else None,
            "intent": one.intent and {"label": one.intent.label, "p": one.intent.p},
            "next_step": one.next_step and {"label": one.next_step.label, "p": one.next_step.p},
            "things": [asdict(span) for span in one.things],
            "statements": [asdict(span) for span in one.statements],
        }
        for mention, one in zip(all_mentions, open_assessor(None).assess(texts), strict=True)
    }


def snapshot(facts_of: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """All drafts in order; each knows those before it on its kind of source."""
    recent: dict[str, list[Recent]] = {}
    for number, mention in enumerate(mentions()):
        facts = facts_of[mention["id"]]
        said = recent.setdefault(str(mention.get("source_kind")), [])
        result = drafted(mention, facts, said, number)
        said[:0] = [Recent(result.text, result.phrases)] if result.text else []
        row: dict[str, Any] = json.loads(json.dumps({"id": mention["id"], "facts": dict(facts), **result.as_json()}))
        yield row


def main() -> None:
    rows = snapshot(assessed(list(mentions())))
    with (FOLDER / "drafts.jsonl").open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
