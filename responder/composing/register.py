"""In which register a reply is written: by the place where it will stand."""

from __future__ import annotations

APP_STORES = frozenset({"app_store", "app_store_connect", "google_play", "google_play_console"})
SOCIAL = frozenset(
    {"x", "twitter", "bluesky", "mastodon", "threads", "instagram", "facebook_page", "youtube", "reddit"}
)


def register_of(source_kind: str | None, kind: str | None) -> str:
    """app, social or review: full 敬語 for reviews, short 丁寧語 on networks, issue-version-contact in app stores."""
    if source_kind in APP_STORES:
        return "app"
    if source_kind in SOCIAL or (kind == "post" and source_kind not in ("feed", "file", None)):
        return "social"
    return "review"
