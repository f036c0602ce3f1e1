"""Other layouts of the same sources: other years, countries, API versions. A body, and what has to be read from it."""

# ruff: noqa: E501 (recorded shapes are wider than prose)

from __future__ import annotations

import json
from typing import Any

from tests.crawlers.shapes import status


def js(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def ld(*blocks: Any, rest: str = "") -> bytes:
    scripts = "".join(
        f'<script type="application/ld+json">{one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)}</script>'
        for one in blocks
    )
    return f"<html><head>{scripts}</head><body>{rest}</body></html>".encode()


def micro(inner: str) -> bytes:
    return f'<html><body><div itemscope itemtype="https://schema.org/Product"><b itemprop="name">枕</b><div itemprop="review" itemscope itemtype="https://schema.org/Review">{inner}</div></div></body></html>'.encode()


def rss(items: str) -> bytes:
    return f'<rss version="2.0" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><title>N</title><link>https://n.example/</link>{items}</channel></rss>'.encode()


REVIEW = {
    "@type": "Review",
    "author": {"@type": "Person", "name": "花"},
    "reviewBody": "寒い",
    "datePublished": "2026-11-01",
}
OTHER = {**REVIEW, "reviewBody": "良い"}
PHOTO = {
    "id": "18",
    "media_type": "IMAGE",
    "permalink": "https://www.instagram.com/p/C1/",
    "timestamp": "2026-11-01T00:00:00+0000",
}
TWEET = {"id": "1990700000000000001", "text": "Sakura, corrected", "created_at": "2025-11-18T08:10:00.000Z", "author_id": "7",
         "edit_history_tweet_ids": ["1990690000000000000", "1990700000000000001"]}  # fmt: skip
YT = {
    "textDisplay": "1 < 2\nand <3",
    "authorDisplayName": "@rin",
    "channelId": "UC9",
    "publishedAt": "2026-11-01T00:00:00Z",
    "updatedAt": "2026-11-01T00:00:00Z",
}
RECOMMENDED = {
    "item": "rating",
    "verb": "add",
    "open_graph_story_id": "55",
    "reviewer_id": "9",
    "reviewer_name": "Mia",
    "recommendation_type": "NEGATIVE",
    "created_time": 1_762_000_000,
}
COMMENT = {
    "item": "comment",
    "verb": "edited",
    "comment_id": "1_2",
    "post_id": "1_1",
    "message": "まだ寒い",
    "from": {"id": "9", "name": "Mia"},
    "created_time": 1_762_000_000,
}
POST = {
    "uri": "at://did:plc:z/app.bsky.feed.post/1",
    "author": {"did": "did:plc:z", "handle": "z.example"},
    "record": {"text": "寒い", "createdAt": "2026-11-01T00:00:00Z"},
    "indexedAt": "2026-11-01T00:00:00Z",
}
FRAME = {
    "did": "did:plc:z",
    "time_us": 1_762_000_000_000_000,
    "kind": "commit",
    "commit": {"operation": "create", "collection": "app.bsky.feed.post", "rkey": "1", "record": POST["record"]},
}
TRUST = {"id": "77", "stars": 2, "title": "Late", "text": "Two weeks", "createdAt": "2026-11-01T00:00:00Z", "consumer": {"id": "c", "displayName": "Zoe"},
         "companyReply": {"text": "Sorry", "createdAt": "2026-11-02T00:00:00Z"}}  # fmt: skip
TABELOG = """<html><body><h2 class="display-name">鮨さくら</h2><div class="rvw-item js-rvw-item-clickable-area">
<p class="rvw-item__rvwr-name auth-mobile"><a href="/rvwr/001/"><span><span>はな子</span><span class="rvw-item__rvwr-num">（123）</span></span></a></p>
<p class="rvw-item__ratings-total"><b class="c-rating-v3__val c-rating-v3__val--strong">3.8</b></p><b class="c-rating-v3__val">4.0</b>
<p class="rvw-item__title"><a class="rvw-item__title-target" href="/tokyo/A1301/A130101/13000001/dtlrvwlst/B400000001/">ネタは新鮮</a></p>
<div class="rvw-item__rvw-comment"><p>予約が<br>取れない。</p></div></div></body></html>"""
TRIPADVISOR = """<html><body><h1>Inn Sakura</h1><div data-automation="reviewCard"><a href="/Profile/yuki">Yuki</a>
<svg aria-label="2.0 of 5 bubbles"></svg><div data-test-target="review-title"><a href="/ShowUserReviews-g1-d2-r745-Inn.html">Noisy</a></div>
<div data-test-target="review-body"><span>Trucks all night.</span></div><div>Written November 1, 2026</div></div></body></html>"""
AMAZON = """<html><body><div id="customer_review-R2ABCDEFGHIJK" data-hook="review"><span class="a-profile-name">Jörg</span>
<i data-hook="review-star-rating">2,0 von 5 Sternen</i><a data-hook="review-title" href="/gp/customer-reviews/R2ABCDEFGHIJK/"><span>Zu laut</span></a>
<span data-hook="review-date">Rezension aus Deutschland vom 16. November 2018</span><span data-hook="review-body">Brummt<br>sehr.</span>
<span data-hook="helpful-vote-statement">Eine Person fand diese Informationen hilfreich</span></div></body></html>"""
MAIL = (
    "From: 受付 <desk@sakura.example>\r\nSubject: Fwd: 苦情\r\nDate: Sun, 01 Nov 2026 10:00:00 +0900\r\nMessage-ID: <f1@x>\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n対応をお願いします。\r\n\r\n---------- Forwarded message ---------\r\n"
    "From: 花子 <hana@guest.example>\r\nDate: 2026年11月1日(日) 9:00\r\nSubject: 苦情\r\nTo: <info@sakura.example>\r\n\r\nシャワーが出ません。"
)

# kind, body, and for each mention what it must say
LAYOUTS: list[tuple[str, bytes, list[dict[str, Any]]]] = [
    ("app_store", b'<feed xmlns:im="x"><title>A</title><entry><id>0</id><title>The app itself</title></entry><entry><id>3</id>'
     b'<author><name>Tom & Jo</name><uri>https://itunes.apple.com/us/reviews/id9</uri></author><title>Q&A</title><content type="text">R & B &lt;3 <![CDATA[a && b]]></content>'
     b'<im:rating>1</im:rating><im:version>2.0</im:version><updated>2026-11-01T00:00:00-07:00</updated><link href="https://x.example/?a=1&b=2"/></entry></feed>',
     [{"author_name": "Tom & Jo", "title": "Q&A", "text": "R & B <3 a && b", "url": "https://x.example/?a=1&b=2", "product_version": "2.0"}]),
    ("app_store", b"This XML file does not appear to have any style information.\n\n<feed><title>A</title><entry><id>4</id><content>No</content><im:rating>1</im:rating></entry></feed>", [{"external_id": "4", "text": "No"}]),
    ("trustpilot", js(TRUST), [{"text": "Two weeks", "rating": 2.0, "reply_text": "Sorry", "author_name": "Zoe"}]),
    ("trustpilot", js({"pageProps": {"review": TRUST}}), [{"external_id": "77"}]),
    ("yelp", js({"data": {"business": {"name": "Sakura", "reviews": [
        {"text": "Cold", "rating": 2, "time_created": "2026-11-01 00:41:13", "url": "https://www.yelp.com/biz/sakura?hrid=y-1&x=2", "user": {"name": "Ella"}},
        {"text": "Hot", "rating": 4, "time_created": "2026-11-01 00:41:14", "user": {"name": "Ed"}}]}}}),
     [{"external_id": "y-1", "location": "Sakura"}, {"text": "Hot", "author_name": "Ed"}]),
    ("review_page", ld({"@type": "Product", "name": "枕", "review": [{**REVIEW, "url": "https://s.example/p"}, {**OTHER, "url": "https://s.example/p"}]}),
     [{"text": "寒い", "location": "枕"}, {"text": "良い"}]),
    ("review_page", ld([{**REVIEW, "identifier": {"@type": "PropertyValue", "name": "review id", "value": "77"}}, {**OTHER, "identifier": {"@type": "PropertyValue", "name": "review id", "value": "78"}}]),
     [{"external_id": "77"}, {"external_id": "78"}]),
    ("review_page", ld('{"@type":"Product","review":[{"@type":"Review","author":"A","reviewBody":"good"},{"@type":"Review","author":"B","reviewBody":"a "bad" one"},{"@type":"Review","author":"C","reviewBody":"fine"}]}'),
     [{"author_name": "A"}, {"author_name": "C", "text": "fine"}]),
    ("review_page", ld('{"@type":"Review","author":"A","reviewBody":"good"}\n{"@type":"Review","author":"B","reviewBody":"bad"}'), [{"text": "good"}, {"text": "bad"}]),
    ("review_page", ld({"@type": "Hotel", "name": "H", "review": {"author": "x", "reviewBody": "untyped", "reviewRating": {"ratingValue": "4", "bestRating": 1, "worstRating": 5}}}),
     [{"author_name": "x", "location": "H", "rating": 4.0, "rating_scale": 5.0}]),
    ("review_page", micro('<a itemprop="author" href="/u/1">Ann</a><p itemprop="reviewBody">short…</p><p itemprop="reviewBody">short and whole</p><meta itemprop="ratingValue" content="2"><time itemprop="datePublished" datetime="">2026年11月1日</time>'),
     [{"author_name": "Ann", "text": "short and whole", "rating": 2.0, "location": "枕"}]),
    ("review_page", ld({**REVIEW, "datePublished": "November 1, 2026"}, rest=micro('<b itemprop="author">花</b><p itemprop="reviewBody">寒い</p><meta itemprop="datePublished" content="2026-11-01">').decode()), [{"text": "寒い"}]),
    ("page", TABELOG.encode(), [{"external_id": "400000001", "author_name": "はな子", "rating": 3.8, "title": "ネタは新鮮", "text": "予約が\n取れない。", "location": "鮨さくら"}]),
    ("page", TRIPADVISOR.encode(), [{"external_id": "745", "author_name": "Yuki", "rating": 2.0, "title": "Noisy", "text": "Trucks all night.", "location": "Inn Sakura"}]),
    ("page", AMAZON.encode(), [{"external_id": "R2ABCDEFGHIJK", "author_name": "Jörg", "rating": 2.0, "title": "Zu laut", "text": "Brummt\nsehr.", "reach": {"likes": 1}}]),
    ("bluesky", js({"records": [{"uri": "at://did:plc:z/app.bsky.feed.post/1", "cid": "c", "value": {"text": "寒い", "createdAt": "0001-01-01T00:00:00Z"}, "indexedAt": "2026-11-01T00:00:00Z"}]}),
     [{"author_id": "did:plc:z", "url": "https://bsky.app/profile/did:plc:z/post/1"}]),
    ("bluesky", js({"thread": {"post": POST, "parent": {"post": {**POST, "uri": POST["uri"] + "p"}}, "replies": [{"post": {**POST, "uri": POST["uri"] + "r"}}, {"notFound": True}]}}), [{"text": "寒い"}] * 3),
    ("bluesky", js(FRAME) + b"\n" + js({**FRAME, "commit": {**FRAME["commit"], "rkey": "2"}}) + b"\nnot json\n", [{"author_id": "did:plc:z", "text": "寒い"}] * 2),
    ("mastodon", js({"ancestors": [status(1, "寒い")], "descendants": [status(2, "暑い")]}), [{"text": "寒い"}, {"text": "暑い"}]),
    ("mastodon", f"event: update\ndata: {json.dumps(status(1, '寒い'))}\n\nevent: update\ndata: {{broken\n\nevent: status.update\ndata: {json.dumps(status(2, '暑い'))}\n".encode(), [{"text": "寒い"}, {"text": "暑い"}]),
    ("hacker_news", js({"hits": [{"objectID": "1", "created_at_i": 1_762_000_000, "author": None, "comment_text": None, "points": None}, {"objectID": "2", "created_at_i": 1_762_000_000, "author": "pg", "comment_text": "ok"}]}), [{"external_id": "2"}]),
    ("youtube", js({"items": [{"kind": "youtube#commentThread", "id": "T", "snippet": {"channelId": "UC9", "topLevelComment": {"id": "T", "snippet": YT}}}, {"kind": "youtube#comment", "id": "C", "snippet": YT}]}),
     [{"text": "1 < 2\nand <3", "url": "https://www.youtube.com/channel/UC9/community?lc=T"}, {"text": "1 < 2\nand <3", "url": None}]),
    ("x", js({"data": [TWEET], "includes": {"users": [{"id": "7", "name": "Ann", "username": "ann"}]}}), [{"external_id": "1990690000000000000", "text": "Sakura, corrected", "author_name": "Ann"}]),
    ("facebook_page", js({"object": "page", "entry": [{"id": "1", "time": 1_762_000_500, "changes": [{"field": "ratings", "value": RECOMMENDED}, {"field": "feed", "value": COMMENT}, {"field": "ratings", "value": {**RECOMMENDED, "comment_id": "55_1", "message": "Sorry"}}]}]}),
     [{"kind": "review", "author_name": "Mia", "text": "", "why": "recommendation: NEGATIVE"}, {"kind": "post", "text": "まだ寒い"}]),
    ("instagram", js({"data": [PHOTO, {**PHOTO, "id": "19", "caption": "寒い"}]}), [{"text": ""}, {"text": "寒い", "url": "https://www.instagram.com/p/C1/"}]),
    ("facebook_page", js({one: {"id": one, "message": "寒い", "created_time": "2026-11-01T00:00:00+0000"} for one in ("1_2", "1_3")}), [{"external_id": "1_2"}, {"external_id": "1_3", "text": "寒い"}]),
    ("instagram", js({"business_discovery": {"media": {"data": [{"id": "20", "caption": "寒い", "like_count": 3}]}, "id": "5"}, "id": "6"}), [{"external_id": "20"}]),
    ("instagram", js({one: {"id": one, "text": "寒い", "timestamp": "2026-11-01T00:00:00+0000"} for one in ("21", "22")}), [{"external_id": "21"}, {"external_id": "22"}]),
    ("reddit", js({"name": "t1_c", "id": "c", "author": "kai", "body": "寒い", "created_utc": 1_762_000_000.0}), [{"external_id": "t1_c", "author_name": "kai"}]),
    ("instagram", js(PHOTO), [{"external_id": "18"}]),
    ("stack_exchange", js({"items": [{"post_id": 5, "post_type": "answer", "owner": {"display_name": "O&#39;Hara"}, "creation_date": 1_762_000_000, "body": "<p>x</p>", "link": "https://stackoverflow.com/a/5"}]}),
     [{"external_id": "answer/5", "author_name": "O'Hara"}]),
    ("feed", rss("<item><title>A</title><description>x</description></item><item><title>B</title></item>"), [{"title": "A", "text": "x"}, {"title": "B"}]),
    ("feed", rss('<item><guid isPermaLink="false">x</guid><title>a</title><link>/a</link></item><item><guid isPermaLink="false">x</guid><title>b</title><link>/b</link></item>'), [{"url": "https://n.example/a"}, {"url": "https://n.example/b"}]),
    ("feed", rss("<item><guid>17</guid><title>Use the &amp;lt;div&amp;gt; tag</title><slash:comments>12</slash:comments></item>"), [{"title": "Use the <div> tag", "url": None, "reach": {"replies": 12}}]),
    ("feed", rss('<item><guid isPermaLink="false">CBMi</guid><title>新館が開業 - 旅の新聞</title><link>https://news.google.com/rss/articles/CBMi?oc=5</link></item>'), [{"author_name": "旅の新聞"}]),
    ("imap", MAIL.encode(), [{"author_name": "花子", "author_id": "hana@guest.example", "text": "シャワーが出ません。"}]),
    ("imap", b"From: a@x.example\r\nSubject: s\r\nMessage-ID: <1>\r\nContent-Type: text/plain; format=flowed\r\n\r\nOne line that \r\ngoes on.\r\n-- \r\nAnn", [{"text": "One line that goes on."}]),
]  # fmt: skip
