"""Answers in the true shape of each source, with words of our own: a body, and how many mentions it holds."""

# ruff: noqa: E501 (recorded shapes are wider than prose)

from __future__ import annotations

import json
from typing import Any


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def label(value: str) -> dict[str, str]:
    """How the App Store's feed wraps a value."""
    return {"label": value}


def app_store_entry(
    number: int, stars: int, text: str, updated: str | None = "2026-11-10T03:00:00-07:00"
) -> dict[str, Any]:
    """One review of the customer reviews feed."""
    return {
        "author": {
            "uri": label(f"https://itunes.apple.com/jp/reviews/id{number}"), "name": label(f"客{number}"), "label": "",
        },
        "im:version": label("3.4.3"), "im:rating": label(str(stars)), "id": label(str(9000 + number)),
        "title": label("予約できない"), "content": {"label": text, "attributes": {"type": "text"}},
        "link": {"attributes": {"rel": "related", "href": "https://itunes.apple.com/jp/review?id=1&type=Purple%20Software"}},
        "im:voteSum": label("2"), "im:voteCount": label("3"),
        **({"updated": label(updated)} if updated else {}),
    }  # fmt: skip


def app_store_feed(entries: list[dict[str, Any]]) -> bytes:
    """A page of that feed: no entry key when there is none, an object when there is one."""
    entry: Any = entries[0] if len(entries) == 1 else entries
    return _json({"feed": {"author": {"name": label("iTunes Store")}, **({"entry": entry} if entries else {})}})


def status(number: int, text: str, at: str = "2026-11-18T09:00:00.000Z", edited: str | None = None) -> dict[str, Any]:
    """One Mastodon status."""
    return {
        "id": str(110_000 + number), "created_at": at, "spoiler_text": "", "language": "ja", "edited_at": edited,
        "uri": f"https://mstdn.example/users/hana/statuses/{110_000 + number}",
        "url": f"https://mstdn.example/@hana/{110_000 + number}", "replies_count": 1, "reblogs_count": 2,
        "favourites_count": 3, "content": f"<p>{text}</p>", "reblog": None,
        "account": {
            "id": "7", "username": "hana", "acct": "hana@mstdn.example", "display_name": "花", "note": "",
            "url": "https://mstdn.example/@hana", "followers_count": 12,
        },
    }  # fmt: skip


_PLAY_ROWS = [
    ["11f-aa", ["Aki", [None, 2]], 1, None, "アプリが落ちます", [1_762_000_000, 5], 4, ["Sakura Inc.", "申し訳ございません",
     [1_762_100_000, 0]], None, ["1180", "Aki"], "4.2.0", None, None],
    ["22f-bb", ["Ben", [None, 2]], 5, None, None, [1_762_000_500, 0], 0, None, None, ["1181", "Ben"], None, None, None],
]  # fmt: skip
GOOGLE_PLAY = b")]}'\n\n1234\n" + _json(
    [["wrb.fr", "UsvDTd", json.dumps([_PLAY_ROWS, [None, "TOKEN"]]), None, "generic"]]
)

JSON_LD = """<html><head><link rel="canonical" href="https://inn.example/reviews">
<script type="application/ld+json"></script>
<script type="application/ld+json">{"@type": "Hotel", broken</script>
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": ["Hotel", "Thing"],
 "name": "Hotel Sakura", "review": [
 {"@type": "Review", "author": {"@type": "Person", "name": "Mia"}, "datePublished": "2026-11-01",
  "reviewBody": "The room was	cold &amp; loud.", "reviewRating": {"@type": "Rating", "ratingValue": "4", "bestRating": 10}},
 {"@type": "Review", "author": "健", "datePublished": "October 24, 2026", "description": "朝食が最高でした。"}]}]}</script>
</head><body>
<div itemscope itemtype="https://schema.org/Hotel"><span itemprop="name">Hotel Sakura</span>
<div itemprop="review" itemscope itemtype="http://schema.org/Review">
 <span itemprop="author" itemscope itemtype="http://schema.org/Person"><b itemprop="name">Mia</b></span>
 <meta itemprop="datePublished" content="2026-11-01"><p itemprop="reviewBody">The room was cold &amp; loud.</p></div>
<div itemprop="review" itemscope itemtype="http://schema.org/Review"><meta itemprop="datePublished" content="2026-10-02">
 <span itemprop="author">Lars</span><p itemprop="description">Sauber.<br>Ruhig.</p>
 <span itemprop="reviewRating" itemscope itemtype="http://schema.org/Rating"><i itemprop="ratingValue">4,6</i></span>
</div></div></body></html>""".encode()

_TRUSTPILOT = {
    "id": "63aa", "text": "Never refunded", "title": "No refund", "rating": 1, "likes": 2, "language": "en",
    "dates": {"experiencedDate": "2026-10-30T00:00:00.000Z", "publishedDate": "2026-11-01T08:00:00.000Z", "updatedDate": None},
    "consumer": {"id": "5cc", "displayName": "Zoe"}, "location": None,
    "reply": {"message": "We are sorry, Zoe.", "publishedDate": "2026-11-02T08:00:00.000Z", "updatedDate": None},
}  # fmt: skip
TRUSTPILOT_PAGE = (
    '<html><body><script id="__NEXT_DATA__" type="application/json">'
    + json.dumps({"props": {"pageProps": {"businessUnit": {"id": "b"}, "reviews": [_TRUSTPILOT]}}})
    + "</script></body></html>"
).encode()

TABELOG = """<html><head><title>口コミ</title></head><body><div class="rvw-item js-rvw-item" data-detail-url="/tokyo/dtlrvwlst/B123/">
<p class="rvw-item__rvwr-name"><a href="/rvwr/taro/">太郎</a></p><p class="rvw-item__ratings-total"><b class="c-rating__val">3.5</b></p>
<span class="rvw-item__visited-date">2026/10訪問</span><p class="rvw-item__title"><a class="rvw-item__title-target" href="/tokyo/dtlrvwlst/B123/">
<strong>普通でした</strong></a></p><div class="rvw-item__rvw-comment"><p>待ち時間が<br/>長い。</p></div>
<p class="rvw-item__edited-date">2026/10/30<span>更新</span></p></div></body></html>""".encode()

_BLUESKY = {
    "uri": "at://did:plc:abc/app.bsky.feed.post/3k1", "cid": "bafy", "indexedAt": "2026-11-18T10:00:01.000Z",
    "author": {"did": "did:plc:abc", "handle": "mio.bsky.social", "displayName": "Mio"}, "likeCount": 4, "repostCount": 1,
    "record": {"$type": "app.bsky.feed.post", "createdAt": "2026-11-18T10:00:00.000Z", "langs": ["ja"], "text": "サクラホテル最高"},
}  # fmt: skip
_REDDIT = {
    "kind": "t1",
    "data": {
        "id": "c1", "name": "t1_c1", "author": "kaito", "body": "Sakura &amp; co", "created_utc": 1_762_000_000.0,
        "edited": False, "score": 5, "permalink": "/r/japan/comments/p1/_/c1/", "replies": "",
    },
}  # fmt: skip
_REDDIT_DELETED = {
    "kind": "t1",
    "data": {**_REDDIT["data"], "name": "t1_c2", "author": "[deleted]", "body": "[deleted]"},
}  # type: ignore[dict-item]
_HN = {
    "objectID": "345", "author": "pg", "created_at": "2026-11-18T10:00:00Z", "created_at_i": 1_763_460_000, "title": None,
    "comment_text": "I can&#x27;t book<p>at all", "story_title": "Hotel Sakura", "points": None, "_tags": ["comment"],
}  # fmt: skip


def _comment(identity: str, text: str) -> dict[str, Any]:
    return {
        "kind": "youtube#comment", "id": identity,
        "snippet": {
            "videoId": "v1", "textDisplay": f"{text}<br>!", "textOriginal": text, "authorDisplayName": "Rin",
            "authorChannelId": {"value": "UC1"}, "likeCount": 2, "publishedAt": "2026-11-10T00:00:00Z",
            "updatedAt": "2026-11-11T00:00:00Z",
        },
    }  # fmt: skip


_YOUTUBE = {
    "kind": "youtube#commentThread", "id": "T1",
    "snippet": {"videoId": "v1", "topLevelComment": _comment("T1", "汚い部屋")},
    "replies": {"comments": [_comment("T1.r1", "同感")]},
}  # fmt: skip

# kind → (body, number of mentions, texts in order)
SHAPES: dict[str, tuple[bytes, list[str]]] = {
    "file": ("レビューID,本文,評価,投稿日\n1,部屋が狭い,2,2026-11-01\n".encode("cp932"), ["部屋が狭い"]),
    "feed": (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><items><rdf:Seq>'
        '<rdf:li rdf:resource="https://pr.example/1"/></rdf:Seq></items></channel><item rdf:about="https://pr.example/1">'
        "<title>新館を開業</title><link>https://pr.example/1</link><description>&lt;p&gt;本日開業。&lt;/p&gt;</description>"
        "<dc:date>2026-11-10T10:00:00+09:00</dc:date><dc:creator>広報</dc:creator></item></rdf:RDF>".encode(),
        ["本日開業。"],
    ),
    "app_store": (app_store_feed([app_store_entry(1, 2, "落ちる"), app_store_entry(2, 5, "便利")]), ["落ちる", "便利"]),
    "app_store_connect": (
        _json(
            {
                "data": [
                    {
                        "type": "customerReviews", "id": "00000192-a3", "attributes": {
                            "rating": 1, "title": "Bad", "body": "Crashes", "reviewerNickname": "Ann",
                            "createdDate": "2026-11-01T08:10:34-08:00", "territory": "JPN",
                        },
                        "relationships": {"response": {"data": {"type": "customerReviewResponses", "id": "R1"}}},
                    }
                ],
                "included": [
                    {
                        "type": "customerReviewResponses", "id": "R1",
                        "attributes": {"responseBody": "Fixed in 2.1", "lastModifiedDate": "2026-11-03T00:00:00Z"},
                    }
                ],
                "links": {"self": "x"}, "meta": {"paging": {"total": 1}},
            }
        ),
        ["Crashes"],
    ),
    "google_play": (GOOGLE_PLAY, ["アプリが落ちます", ""]),
    "google_play_console": (
        _json(
            {
                "reviews": [
                    {
                        "reviewId": "g1", "authorName": "Jo", "comments": [
                            {"userComment": {"text": "\tどこで返金？", "lastModified": {"seconds": "1762000000", "nanos": 9},
                             "starRating": 1, "reviewerLanguage": "ja_JP", "appVersionName": "2.0", "thumbsUpCount": 3}},
                            {"developerComment": {"text": "ご案内します", "lastModified": {"seconds": "1762000900"}}},
                        ],
                    }
                ]
            }
        ),
        ["どこで返金？"],
    ),
    "google_business": (
        _json(
            {
                "reviews": [
                    {
                        "name": "accounts/-/locations/5/reviews/AbF", "reviewId": "AbF", "starRating": "TWO",
                        "reviewer": {"displayName": "Вера"}, "createTime": "2026-10-01T00:00:00.123Z",
                        "updateTime": "2026-10-05T00:00:00.123456Z",
                        "comment": "(Translated by Google) Dirty.\n\n(Original)\nГрязно.",
                        "reviewReply": {"comment": "Прошу прощения", "updateTime": "2026-10-06T00:00:00Z"},
                    },
                    {"name": "accounts/1/locations/5/reviews/AbG", "reviewId": "AbG", "starRating": "FIVE",
                     "reviewer": {"isAnonymous": True}, "createTime": "2026-10-01T00:00:00Z"},
                ],
                "totalReviewCount": 2,
            }
        ),
        ["Грязно.", ""],
    ),
    "google_places": (
        _json(
            {
                "status": "OK",
                "result": {
                    "place_id": "ChIJ", "name": "Hotel Sakura", "url": "https://maps.google.com/?cid=1", "reviews": [
                        {"author_name": "Lee", "author_url": "https://www.google.com/maps/contrib/1/reviews", "rating": 2,
                         "language": "ko", "text": "시끄러워요", "time": 1_762_000_000, "relative_time_description": "한 달 전"}
                    ],
                },
            }
        ),
        ["시끄러워요"],
    ),
    "trustpilot": (TRUSTPILOT_PAGE, ["Never refunded"]),
    "yelp": (
        _json(
            {
                "reviews": [
                    {"id": "y1", "rating": 2, "text": "Cold soup…", "time_created": "2026-11-01 00:41:13",
                     "url": "https://www.yelp.com/biz/sakura?hrid=y1", "user": {"id": "u1", "name": "Ella H."}}
                ],
                "total": 1,
            }
        ),
        ["Cold soup…"],
    ),
    "review_page": (JSON_LD, ["The room was\tcold & loud.", "朝食が最高でした。", "Sauber.\nRuhig."]),
    "page": (TABELOG, ["待ち時間が\n長い。"]),
    "mastodon": (_json([status(1, "サクラホテルは<br>最低"), status(2, "良い")]), ["サクラホテルは\n最低", "良い"]),
    "bluesky": (_json({"posts": [_BLUESKY], "cursor": "25"}), ["サクラホテル最高"]),
    "reddit": (_json({"kind": "Listing", "data": {"children": [_REDDIT, _REDDIT_DELETED], "after": None}}), ["Sakura & co"]),
    "hacker_news": (_json({"hits": [_HN], "nbPages": 1}), ["I can't book\n\nat all"]),
    "youtube": (_json({"items": [_YOUTUBE], "nextPageToken": "N"}), ["汚い部屋", "同感"]),
    "x": (
        _json(
            {
                "data": [
                    {"id": "1990700000000000002", "text": "Sakura &amp; spa", "author_id": "9", "lang": "en",
                     "edit_history_tweet_ids": ["1990700000000000001", "1990700000000000002"],
                     "created_at": "2026-11-18T17:19:07.000Z", "public_metrics": {"like_count": 3, "retweet_count": 1}}
                ],
                "includes": {"users": [{"id": "9", "name": "Nao", "username": "nao"}]}, "meta": {"result_count": 1},
            }
        ),
        ["Sakura & spa"],
    ),
    "facebook_page": (
        _json(
            {
                "data": [
                    {
                        "created_time": "2026-11-01T04:35:18+0000", "has_rating": False, "has_review": True,
                        "recommendation_type": "negative", "review_text": "二度と行かない", "reviewer": {"id": "3", "name": "Yui"},
                        "open_graph_story": {
                            "id": "777", "data": {"seller": {"id": "1"}},
                            "comments": {"data": [{"from": {"id": "1"}, "message": "申し訳ありません",
                                         "created_time": "2026-11-02T00:00:00+0000"}], "count": 1},
                        },
                    }
                ],
                "paging": {"cursors": {"after": "A"}},
            }
        ),
        ["二度と行かない"],
    ),
    "instagram": (
        _json(
            {
                "data": [
                    {
                        "id": "m1", "caption": "@hotelsakura 汚い", "username": "sora", "timestamp": "2026-11-01T09:00:22+0000",
                        "permalink": "https://www.instagram.com/p/abc/", "like_count": 2, "comments_count": 1,
                        "comments": {"data": [{"id": "k1", "text": "本当？", "username": "umi", "timestamp": "2026-11-02T09:00:22+0000"}]},
                    }
                ]
            }
        ),
        ["@hotelsakura 汚い", "本当？"],
    ),
    "stack_exchange": (
        _json(
            {
                "items": [
                    {"question_id": 5, "title": "Sakura API &quot;429&quot;", "body": "<p>Why?</p>", "creation_date": 1_762_000_000,
                     "link": "https://stackoverflow.com/q/5", "owner": {"display_name": "A &amp; B", "user_id": 4}, "score": 1}
                ],
                "has_more": False, "quota_remaining": 299,
            }
        ),
        ["Why?"],
    ),
    "drop": ("id\ttext\tdate\n1\tToo loud\t2026-11-01\n".encode("utf-16"), ["Too loud"]),
    "imap": (
        b"From: =?utf-8?b?5bGx55Sw?= <Yamada@Example.jp>\r\nDate: Sun, 1 Nov 2026 09:00:00 +0900\r\nMessage-ID: <a1@example.jp>\r\n"
        b"Subject: Heizung\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n"
        + "暖房が効きませんでした。\r\n\r\n2026年10月30日(金) 9:00 Hotel <info@sora.example>:\r\n> ご予約を承りました。\r\n".encode("iso-2022-jp"),
        ["暖房が効きませんでした。"],
    ),
    "webhook": (
        _json({"mentions": [{"id": "t-1", "text": "フロントで待たされた", "name": "Aoi", "created": "2026-11-01T09:00:00+09:00", "url": "https://desk.example/t-1"}]}),
        ["フロントで待たされた"],
    ),
}  # fmt: skip
