"""Tells the operator that a source is no longer read as it was: it fell silent, names nobody, or refuses us."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import log
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.settings import Settings
from kintsugi.metrics.steps import CANARIES
from storage.delivery import make_delivery
from storage.mention import Mention
from storage.source import Crawl, Source

WEEK = timedelta(days=7)
ENOUGH = 10  # what a week must have brought before silence means anything, and mentions without any author
FEWEST_EMPTY = 3
# How likely the silence may be by chance: with a share p of crawls that found something, n empty ones have (1 - p)^n.
CHANCE = 0.005
_MARKUP = ("page", "review_page")  # read by selectors, which may never have found an author

_WORDS = {
    "ja": {
        "silent": "情報源「{key}」から何も届かなくなりました",
        "nobody": "情報源「{key}」で投稿者名が読み取れません",
        "refused": "情報源「{key}」に取得を拒否されたため、一時停止しました",
        "silent_why": "直前の7日間には{before}件ありましたが、最近の{empty}回の取得では1件も見つかっていません。",
        "nobody_why": "最近の{empty}件すべてに投稿者名がありません。ページの構造が変わった可能性があります。",
        "refused_why": "{error}（再開予定：{until}）",
        "look": "次のコマンドで確認してください：kintsugi crawl {key} --print --why",
        "kept": "最後の応答の保存先：{path}",
    },
    "en": {
        "silent": "Source {key} fell silent",
        "nobody": "Source {key} names no author any more",
        "refused": "Source {key} refuses us and is paused",
        "silent_why": "The seven days before brought {before}; the last {empty} crawls found nothing.",
        "nobody_why": "None of the last {empty} mentions has an author: its pages may have changed.",
        "refused_why": "{error} (tried again at {until})",
        "look": "Look at it: kintsugi crawl {key} --print --why",
        "kept": "Its last answer is kept at {path}",
    },
}


def watch_source(session: Session, source: Source, crawl: Crawl, kept: Path, settings: Settings, at: datetime) -> None:
    """After a crawl: tells the operator once what is wrong with its source. Call it before the crawl is committed."""
    session.flush()
    if crawl.state == "failed":
        if source.paused_until is not None and source.paused_until > at:
            until = source.paused_until.astimezone(settings.brand.zone).strftime("%Y-%m-%d %H:%M")
            last_good = _last_crawl(session, source, found=False)
            _tell(session, "refused", source.key, last_good, settings, at, error=crawl.error, until=until)
        return
    silence = _silence(session, source)
    if silence is not None:
        before, empty, last_good = silence
        _tell(session, "silent", source.key, last_good, settings, at, kept, before=before, empty=empty)
    nameless = _nameless(session, source)
    if nameless is not None:
        _tell(session, "nobody", source.key, nameless, settings, at, kept, empty=ENOUGH)


def _silence(session: Session, source: Source) -> tuple[int, int, int] | None:
    """(mentions in the week before, empty crawls since, id of the last crawl that found something), or None."""
    last_good = _last_crawl(session, source, found=True)
    if not last_good:
        return None
    done = (Crawl.source_id == source.id, Crawl.state == "done")
    empty = session.scalar(select(func.count()).where(*done, Crawl.id > last_good)) or 0
    if empty < FEWEST_EMPTY:
        return None
    until = session.get_one(Crawl, last_good).started_at
    week = (*done, Crawl.id <= last_good, Crawl.started_at > until - WEEK)
    fetched, crawls = session.execute(select(func.sum(Crawl.fetched), func.count()).where(*week)).one()
    found = session.scalar(select(func.count()).where(*week, Crawl.fetched > 0)) or 0
    share = found / crawls
    unlikely = share == 1 or empty * log(1 - share) <= log(CHANCE)
    return (fetched, empty, last_good) if fetched >= ENOUGH and unlikely else None


def _last_crawl(session: Session, source: Source, *, found: bool) -> int:
    query = select(func.max(Crawl.id)).where(Crawl.source_id == source.id, Crawl.state == "done")
    return session.scalar(query.where(Crawl.fetched > 0) if found else query) or 0


def _nameless(session: Session, source: Source) -> int | None:
    """The newest mentions have no author: the id of the last one that had (0: none ever had), else None."""
    newest = session.scalars(
        select(Mention.author_id).where(Mention.source_id == source.id).order_by(Mention.id.desc()).limit(ENOUGH)
    ).all()
    if len(newest) < ENOUGH or any(author is not None for author in newest):
        return None
    named = select(func.max(Mention.id)).where(Mention.source_id == source.id, Mention.author_id.is_not(None))
    last = session.scalar(named) or 0
    return last if last or source.kind in _MARKUP else None


def _tell(
    session: Session,
    what: str,
    key: str,
    since: int,
    settings: Settings,
    at: datetime,
    kept: Path | None = None,
    **facts: object,
) -> None:
    """One notice for each time that it began; `since` is the row after which it did."""
    CANARIES.labels(key, what).inc()
    words = _WORDS["ja" if settings.brand.languages[0] == "ja" else "en"]
    lines = [words[f"{what}_why"].format(**facts), words["look"].format(key=key)]
    if kept is not None and kept.exists():
        lines.append(words["kept"].format(path=kept))
    make_delivery(
        session,
        f"canary:{key}:{what}:{since}",
        receiver=settings.operators_receiver(),
        purpose="notice",
        payload={"title": words[what].format(key=key), "lines": lines},
        priority=25,
        at=at,
    )
