"""What the sources are documented to send besides the usual: other layouts, missing parts, deletions, languages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawlers.parsing.raw import Unreadable
from crawlers.registry import kind_named
from storage.item import Gone, Item
from tests.crawlers.shapes import SHAPES
from tests.crawlers.test_every_kind import items


def body(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def only(kind: str, value: Any) -> Item:
    [found] = items(kind, value if isinstance(value, bytes) else body(value))
    return found


def page(*blocks: str, rest: str = "") -> bytes:
    scripts = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    return f"<html><head>{scripts}</head><body>{rest}</body></html>".encode()


REVIEW = {
    "@type": "Review", "reviewBody": "寒い部屋", "datePublished": "2026-11-01",
    "author": {"@type": "Person", "name": "花"},
}  # fmt: skip


@pytest.mark.parametrize(
    "wrapped",
    [
        {"@graph": [{"@type": "Product", "name": "枕", "review": [REVIEW]}]},
        [{"@type": ["Product", "Thing"], "review": {**REVIEW, "@type": "http://schema.org/Review"}}],
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": {**REVIEW, "@type": "schema:Review"}}]},
        {**REVIEW, "author": {"@type": "Person", "givenName": "花"}},
        {**REVIEW, "author": [{"@type": "Person", "name": ["花", "Hana"]}], "reviewBody": ["寒い部屋"]},
        {"@graph": [{**REVIEW, "author": {"@id": "#p"}}, {"@type": "Person", "@id": "#p", "name": "花"}]},
    ],
)
def test_a_review_is_found_however_a_page_wraps_it(wrapped: Any) -> None:
    found = only("review_page", page(json.dumps(wrapped)))
    assert (found.text, found.author_name, str(found.posted_at)[:10]) == ("寒い部屋", "花", "2026-11-01")


@pytest.mark.parametrize(
    "broken",
    [
        '//<![CDATA[\n{"@type": "Review", "reviewBody": "It\\\'s cold"}\n//]]>',
        '<!-- {"@type": "Review", "reviewBody": "It\'s cold"} -->',
        '{"@type": "Review", "reviewBody": "It\'s cold",}',
        "{&quot;@type&quot;: &quot;Review&quot;, &quot;reviewBody&quot;: &quot;It&#39;s cold&quot;}",
    ],
)
def test_json_ld_that_is_nearly_json_is_read(broken: str) -> None:
    assert only("review_page", page(broken)).text == "It's cold"


def test_circles_of_references_have_an_end() -> None:
    one = {"@type": "Person", "@id": "a", "author": {"@id": "b"}, "creator": {"@id": "b"}, "name": "花"}
    other = {"@type": "Person", "@id": "b", "author": {"@id": "a"}, "creator": {"@id": "a"}}
    product = {"@type": "Product", "@id": "p", "name": "枕", "review": {**REVIEW, "itemReviewed": {"@id": "p"}}}
    product["review"]["author"] = {"@id": "a"}
    found = only("review_page", page(json.dumps([one, other, product])))
    assert (found.author_name, found.location) == ("花", "枕")


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        ("4,5", (4.5, 5.0)),
        ({"ratingValue": "4,5"}, (4.5, 5.0)),
        ({"ratingValue": 9, "bestRating": "10", "worstRating": 1}, (4.5, 10.0)),
        ({"ratingValue": "4/5", "bestRating": 5}, (4.0, 5.0)),
        ({"ratingValue": "80", "bestRating": "100"}, (4.0, 100.0)),
        ([{"ratingValue": "３"}], (3.0, 5.0)),
        ({"ratingValue": None}, (None, None)),
        (None, (None, None)),
    ],
)
def test_a_rating_is_read_in_all_its_forms(rating: Any, expected: tuple[float | None, float | None]) -> None:
    found = only("review_page", page(json.dumps({**REVIEW, "reviewRating": rating})))
    assert (found.rating, found.rating_scale) == expected


def test_microdata_of_the_older_vocabulary_is_read() -> None:
    rest = """<div itemscope itemtype="http://data-vocabulary.org/Review"><b itemprop="reviewer">Lars</b>
    <time itemprop="dtreviewed" datetime="2026-11-01"></time><i itemprop="summary">Laut</i><p itemprop="description">
    Die Straße.</p><span itemprop="rating">2,5</span></div>"""
    found = only("review_page", page(rest=rest))
    assert (found.author_name, found.title, found.text, found.rating) == ("Lars", "Laut", "Die Straße.", 2.5)


def test_the_app_stores_feed_with_one_review_with_none_and_as_its_own_page_is_told() -> None:
    [text, *_] = SHAPES["app_store"][1]
    feed = json.loads(SHAPES["app_store"][0])
    feed["feed"]["entry"] = feed["feed"]["entry"][0]
    assert only("app_store", feed).text == text
    assert items("app_store", b'{"feed": {"entry": []}}') == []
    assert items("app_store", b'<feed xmlns="http://www.w3.org/2005/Atom"><title>App</title></feed>') == []
    told = {"review": "落ちる", "title": "✗", "userName": "ken", "rating": 1, "date": "2026-11-01T00:00:00Z"}
    reply = {"developerResponse": {"id": 1, "body": "直しました", "modified": "2026-11-02T00:00:00Z"}}
    found = only("app_store", {"data": [{"id": "1", "type": "user-reviews", "attributes": {**told, **reply}}]})
    assert (found.text, found.author_name, found.rating, found.reply_text) == ("落ちる", "ken", 1.0, "直しました")
    older = {
        "userReviewId": "2",
        "body": "重い",
        "name": "aya",
        "rating": 2,
        "date": "2026-11-01T00:00:00Z",
        "title": "…",
    }
    assert only("app_store", {"userReviewList": [older]}).author_name == "aya"
    html = b'<feed xmlns:im="x"><title>A</title><entry><id>3</id><content type="html">&lt;b&gt;No&lt;/b&gt;</content>'
    assert only("app_store", html + b"<im:rating>1</im:rating></entry></feed>").text == "No"


def test_the_play_stores_rows_may_be_short_and_pages_empty() -> None:
    def answer(payload: Any) -> bytes:
        return b")]}'\n\n99\n" + body([["wrb.fr", "UsvDTd", payload and json.dumps(payload), None], ["di", 5]])

    row = ["1", ["A Google user", None], 2, None, None, [1_762_000_000]]
    replied = ["2", None, 1, None, "落ちる", [1_762_000_000, 0], 3, ["Sakura", "直します", [1_762_000_900]]]
    found = items("google_play", answer([[row, replied], None]))
    assert [(one.author_name, one.text, one.reply_text) for one in found] == [
        ("A Google user", "", None),
        (None, "落ちる", "直します"),
    ]
    assert found[1].reply_at is not None
    assert items("google_play", answer([[]])) == items("google_play", answer([None, [None, None]])) == []
    with pytest.raises(Unreadable):
        items("google_play", answer(None))


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        ("(Translated by Google) Dirty.\n\n(Original)\nGrande (Original)", "Grande (Original)"),
        ("汚い\n\n(Translated by Google)\nDirty.", "汚い"),
        ("(Google による翻訳) 汚い\n\n(原文)\nDirty", "Dirty"),
        ("(Traducido por Google) Sucio\n\n(Original)\nDirty", "Dirty"),
        ("(由 Google 提供翻譯) 髒\n\n(原始評論)\nDirty", "Dirty"),
        ("The (Original) pancakes were cold", "The (Original) pancakes were cold"),
    ],
)
def test_of_a_translated_comment_the_original_is_kept(comment: str, text: str) -> None:
    assert (
        only("google_business", {"reviews": [{"reviewId": "1", "comment": comment, "starRating": "TWO"}]}).text == text
    )


def test_a_place_without_its_id_names_itself_and_an_anonymous_author_is_none() -> None:
    review = {"author_name": "A Google User", "rating": 1, "text": "汚い", "time": 1_762_000_000}
    assert (
        only("google_places", {"status": "OK", "result": {"name": "Sakura", "reviews": [review]}}).location == "Sakura"
    )
    newer = {"name": "places/1/reviews/2", "rating": 2, "publishTime": "2026-11-01T00:00:00.123456789Z"}
    found = only("google_places", {"name": "places/1", "displayName": {"text": "Inn"}, "reviews": [newer]})
    assert (found.author_name, found.text, found.location) == (None, "", "Inn")


def test_trustpilots_page_of_one_review_and_its_api_are_read() -> None:
    review = {"id": "1", "text": "Never", "stars": 1, "createdAt": "2026-11-01T00:00:00Z", "consumer": None}
    script = json.dumps({"props": {"pageProps": {"review": review}}})
    assert only("trustpilot", f'<html><script id="__NEXT_DATA__">{script}</script></html>'.encode()).rating == 1.0
    replied = {**review, "companyReply": {"text": "Sorry", "createdAt": "2026-11-02T00:00:00Z"}, "title": None}
    assert only("trustpilot", {"links": [], "reviews": [replied]}).reply_text == "Sorry"


def test_mastodon_streams_warnings_and_notifications_hold_what_people_wrote() -> None:
    [status] = [one for one in json.loads(SHAPES["mastodon"][0])][:1]
    warned = {**status, "spoiler_text": "愚痴", "language": None, "sensitive": True}
    assert only("mastodon", [warned]).text == "愚痴\n\nサクラホテルは\n最低"
    boost = {**status, "uri": "https://other.example/1", "content": "", "reblog": status}
    assert only("mastodon", [boost]).external_id == status["uri"]
    follow = {"id": "1", "type": "follow", "account": status["account"], "created_at": status["created_at"]}
    mention = {"id": "2", "type": "mention", "account": status["account"], "status": status}
    assert [one.external_id for one in items("mastodon", body([follow, mention]))] == [status["uri"]]
    stream = f"event: update\ndata: {json.dumps(status)}\n\nevent: delete\ndata: 110009\n\n".encode()
    parsed = list(kind_named("mastodon").parse(stream, None))  # type: ignore[arg-type]  # it asks nothing of its page
    assert [entry.external_id for entry in parsed if isinstance(entry, Gone)] == ["110009"]
    assert items("mastodon", stream)[0].external_id == status["uri"]
    frame = {"stream": ["hashtag"], "event": "update", "payload": json.dumps(status)}
    assert len(items("mastodon", body(frame) + b"\n" + body(frame))) == 2


def test_bluesky_records_flat_threads_and_clients_with_wrong_clocks_are_read() -> None:
    [post] = json.loads(SHAPES["bluesky"][0])["posts"]
    flat = {"thread": [{"uri": post["uri"], "value": {"post": post}}, {"uri": "x", "value": {"notFound": True}}]}
    assert only("bluesky", flat).text == "サクラホテル最高"
    ahead = {**post, "record": {**post["record"], "createdAt": "2031-01-01T00:00:00Z", "embed": {"$type": "…"}}}
    assert str(only("bluesky", {"posts": [ahead]}).posted_at)[:10] == "2026-11-18"
    record = {"uri": post["uri"], "cid": "c", "value": post["record"]}
    assert only("bluesky", record).text == only("bluesky", {"records": [record]}).text == "サクラホテル最高"
    liked = {"uri": "at://did:plc:a/app.bsky.feed.like/1", "author": post["author"], "record": {"subject": {}}}
    assert items("bluesky", body({"notifications": [liked]})) == []


def test_reddits_unfolded_branches_removed_posts_and_feeds_are_read() -> None:
    [comment, deleted] = json.loads(SHAPES["reddit"][0])["data"]["children"]
    more = {"kind": "more", "data": {"children": ["c9"], "count": 3}}
    assert only("reddit", {"json": {"data": {"things": [comment, more, deleted]}}}).external_id == "t1_c1"
    orphan = {"kind": "t1", "data": {**comment["data"], "author": "[deleted]", "author_fullname": None}}
    found = only("reddit", {"kind": "Listing", "data": {"children": [orphan]}})
    assert (found.author_name, found.text) == (None, "Sakura & co")
    entry = (
        "<entry><id>{}</id><title>Rude</title><updated>2026-11-01T00:00:00+00:00</updated>"
        '<content type="html">&lt;p&gt;Never again.&lt;/p&gt; &amp;#32; submitted by &amp;#32; '
        '&lt;a href="https://www.reddit.com/user/ken"&gt; /u/ken &lt;/a&gt; [link]</content></entry>'
    )
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{entry.format("t3_a")}{entry.format("t5_b")}</feed>'
    found = only("reddit", feed.encode())
    assert (found.external_id, found.text, found.author_name) == ("t3_a", "Never again.", "ken")


def test_x_in_streams_without_a_language_withheld_and_deleted() -> None:
    [post] = json.loads(SHAPES["x"][0])["data"]
    withheld = {**post, "id": "1990700000000000009", "edit_history_tweet_ids": None, "text": "", "lang": "qme",
                "withheld": {"copyright": False, "country_codes": ["DE"]}}  # fmt: skip
    found = items("x", body({"data": [post, withheld], "errors": [{"title": "Not Found Error"}]}))
    assert [(one.author_name, one.language, one.text) for one in found] == [
        (None, "en", "Sakura & spa"),
        (None, None, ""),
    ]
    stream = body({"data": post, "matching_rules": []}) + b"\n\n" + body({"delete": {"status": {"id_str": "5"}}})
    parsed = list(kind_named("x").parse(stream, None))  # type: ignore[arg-type]  # it asks nothing of its page
    assert [type(entry).__name__ for entry in parsed] == ["Raw", "Gone"]
    older = {
        "id_str": "7",
        "full_text": "Sakura &amp; co",
        "user": None,
        "created_at": "Wed Jun 20 01:33:30 +0000 2018",
    }
    assert only("x", older).text == "Sakura & co"
    assert items("x", b'{"meta": {"result_count": 0}}') == []


def test_a_video_without_comments_is_an_error_with_its_reason() -> None:
    closed = {"error": {"code": 403, "message": "has disabled comments", "errors": [{"reason": "commentsDisabled"}]}}
    with pytest.raises(Unreadable, match="disabled comments"):
        items("youtube", body(closed))
    bare = {"kind": "youtube#comment", "id": "C", "snippet": {"textDisplay": "a<br>b", "authorDisplayName": ""}}
    assert (only("youtube", {"items": [bare]}).text, only("youtube", {"items": [bare]}).author_name) == ("a\nb", None)


def test_a_question_of_somebody_who_left_keeps_the_name_that_is_shown() -> None:
    item = {"question_id": 1, "title": "T", "creation_date": 1_762_000_000, "body": "b", "backoff": 10}
    left = {"user_type": "does_not_exist", "display_name": "user38"}
    assert only("stack_exchange", {"items": [{**item, "owner": left}], "backoff": 10}).author_name == "user38"
    assert only("stack_exchange", {"items": [item], "has_more": False}).author_name is None


def test_hacker_news_own_api_is_read() -> None:
    comment = {"id": 9, "type": "comment", "by": "pg", "time": 1_762_000_000, "text": "I can&#x27;t", "parent": 8}
    assert (only("hacker_news", comment).author_name, only("hacker_news", comment).text) == ("pg", "I can't")
    assert items("hacker_news", body({"id": 9, "type": "comment", "deleted": True, "time": 1})) == []


def test_an_atom_entry_without_author_has_that_of_its_feed_and_a_japanese_title_its_medium() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><author><name>編集部</name></author><entry><id>1</id><title>開業</title>'
        "<updated>2026-11-01T00:00:00Z</updated><summary>本日。</summary></entry></feed>"
    )
    for encoded in (atom.encode(), f'<?xml version="1.0" encoding="utf-16"?>{atom}'.encode("utf-16")):
        assert only("feed", encoded).author_name == "編集部"
    yahoo = (
        "<rss><channel><item><title>客室を改装(旅の新聞)</title><pubDate>Sun, 01 Nov 2026 00:00:00 GMT</pubDate>"
        "<link>https://news.yahoo.co.jp/articles/1</link></item></channel></rss>"
    )
    assert only("feed", yahoo.encode()).author_name == "旅の新聞"
    mail = yahoo.replace("<pubDate>", "<author>bob@news.example (Bob)</author><pubDate>")
    assert only("feed", mail.encode()).author_name == "Bob"


def test_the_pages_answer_below_a_comment_is_its_reply() -> None:
    from crawlers.facebook_page import Options, parse
    from crawlers.parsing.normal import normalise
    from crawlers.parsing.raw import Page, Raw
    from tests.crawlers.conftest import AT

    answer = {
        "id": "2",
        "message": "申し訳ございません",
        "from": {"id": "1"},
        "created_time": "2026-11-02T00:00:00+0000",
    }
    said = {"id": "1", "message": "遅い", "from": {"id": "9"}, "created_time": "2026-11-01T00:00:00+0000"}
    told = body({"data": [{**said, "comments": {"data": [answer]}}]})
    [found] = [normalise(one, AT) for one in parse(told, Page(options=Options(page_id="1"))) if isinstance(one, Raw)]
    assert isinstance(found, Item)
    assert (found.text, found.reply_text) == ("遅い", "申し訳ございません")


def test_a_comment_of_instagrams_webhook_is_read_and_a_mention_there_has_ids_only() -> None:
    comment = {"field": "comments", "value": {"id": "1", "text": "本当？", "from": {"id": "2", "username": "umi"}}}
    mention = {"field": "mentions", "value": {"comment_id": "3", "media_id": "4"}}
    found = only(
        "instagram", {"object": "instagram", "entry": [{"time": 1_762_000_000, "changes": [comment, mention]}]}
    )
    assert (found.author_name, found.text, found.posted_at is not None) == ("umi", "本当？", True)
