"""What the guests of benchmarks/two_years.py say: subjects by topic, predicates by mood; 40 places."""

from __future__ import annotations

PLACES = (
    "浅草", "京都", "大阪", "札幌", "函館", "仙台", "日光", "草津", "箱根", "熱海", "伊東", "軽井沢", "松本", "高山",
    "金沢", "加賀", "名古屋", "伊勢", "奈良", "神戸", "有馬", "城崎", "鳥取", "出雲", "岡山", "広島", "宮島", "下関",
    "高松", "松山", "高知", "徳島", "福岡", "別府", "由布院", "長崎", "熊本", "霧島", "那覇", "石垣",
)  # fmt: skip
SUBJECTS: dict[str, dict[str, tuple[str, ...]]] = {
    "staff": {"ja": ("フロントの対応は", "スタッフの態度は", "仲居さんの気配りは"),
              "en": ("The front desk", "The staff", "The porter")},
    "waiting": {"ja": ("チェックインの待ち時間は", "朝食会場の行列は"),
                "en": ("The check-in queue", "The wait for the lift")},
    "delivery": {"ja": ("荷物の配送は", "お土産の発送は"), "en": ("The luggage delivery", "The parcel")},
    "quality": {"ja": ("部屋の質は", "アメニティは", "寝具は"), "en": ("The room", "The bedding", "The bath robe")},
    "cleanliness": {"ja": ("部屋の清掃は", "大浴場の清潔さは"), "en": ("Cleaning", "The bathroom")},
    "facilities": {"ja": ("エアコンは", "シャワーの湯温は", "エレベーターは"),
                   "en": ("The air conditioning", "The shower", "The lift")},
    "food": {"ja": ("朝食は", "夕食の会席は", "デザートは"), "en": ("Breakfast", "Dinner", "The coffee")},
    "price": {"ja": ("料金は", "追加料金の説明は"), "en": ("The price", "The extra charge")},
    "billing": {"ja": ("請求の内容は", "領収書の発行は"), "en": ("The bill", "The refund")},
    "booking": {"ja": ("予約の確認は", "キャンセルの手続きは"), "en": ("The booking", "The cancellation")},
    "app": {"ja": ("アプリの動作は", "アプリでの支払いは"), "en": ("The app", "Paying in the app")},
    "communication": {"ja": ("問い合わせへの返事は", "電話の説明は"), "en": ("Their answer", "The information")},
}  # fmt: skip
PREDICATES = {
    ("ja", "negative"): ("とても残念でした。", "期待外れでした。", "ひどいと思います。", "改善をお願いします。",
                         "がっかりしました。", "納得できません。", "二度と利用しません。"),
    ("ja", "neutral"): ("普通でした。", "可もなく不可もなくです。", "少し気になりました。", "前回と同じでした。"),
    ("ja", "positive"): ("とても良かったです。", "期待以上でした。", "素晴らしいと思います。", "家族も喜んでいました。",
                         "満足です。", "また利用したいです。"),
    ("en", "negative"): (" was a disappointment.", " let us down.", " was terrible.", " took far too long.",
                         " ruined our evening."),
    ("en", "neutral"): (" was all right.", " was as expected.", " was like last time."),
    ("en", "positive"): (" was wonderful.", " was better than we had hoped.", " made our day.", " was excellent."),
}  # fmt: skip
KOREAN = {
    "negative": ("정말 실망했습니다.", "다시는 이용하지 않겠습니다.", "직원이 불친절했습니다."),
    "neutral": ("보통이었습니다.", "그냥 그랬습니다."),
    "positive": ("정말 좋았습니다.", "직원이 친절했습니다.", "다시 방문하고 싶습니다."),
}
TITLES = {
    ("ja", "negative"): ("残念", "改善を希望", "がっかり"), ("ja", "neutral"): ("普通", "それなり"),
    ("ja", "positive"): ("最高", "また来ます", "おすすめ"), ("en", "negative"): ("Disappointing", "Never again"),
    ("en", "neutral"): ("Average", "It was fine"), ("en", "positive"): ("Wonderful", "Highly recommended"),
    ("ko", "negative"): ("실망",), ("ko", "neutral"): ("보통",), ("ko", "positive"): ("추천",),
}  # fmt: skip
