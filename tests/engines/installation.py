"""A small installation: one file of reviews, the console as receiver."""

from __future__ import annotations

import json
from pathlib import Path

SETTINGS = """\
brand: {name: Hotel Sora}
sources:
  voices: {kind: file, path: VOICES, every: 1h}
people: {U1: {name: 佐藤}}
sentiment: {model: cues-1}
route: {receiver: console, group_wait: 0s}
"""
VOICES = (
    ("部屋が汚くて最悪でした。二度と泊まりません", 1),
    ("食中毒になりました。病院に運ばれました", 1),
    ("フロントの対応がひどく、予約も消されていた", 2),
    ("静かで快適でした。また来ます", 5),
    ("ふつう", 3),
    ("The shower was broken and nobody came to help", 1),
)


def write_installation(folder: Path, settings: str) -> Path:
    """Writes it and returns its kintsugi.yaml."""
    lines = [
        json.dumps({"id": str(number), "text": words, "rating": stars, "author": f"客{number}"}, ensure_ascii=False)
        for number, (words, stars) in enumerate(VOICES, start=1)
    ]
    (folder / "voices.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 64}\n", encoding="utf-8")
    path = folder / "kintsugi.yaml"
    path.write_text(settings.replace("VOICES", str(folder / "voices.jsonl")), encoding="utf-8")
    return path
