"""The timeline of a case in words: one line an event, in the brand's first language and time zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from config.settings import Settings
from kintsugi.views.criteria_words import criteria_said
from responder.cases.causes import CAUSES
from storage.event import Event, events_of

JAPANESE = {
    "opened": "案件を作成（深刻度：{severity}、条件：{criteria}）",
    "acknowledge": "担当を開始",
    "release": "動きがないため担当者なしに戻した",
    "investigate": "調査を開始",
    "answer": "返信の準備を開始",
    "approved": "返信を承認",
    "posted": "返信を掲載",
    "reply_withdrawn": "返信を取り下げ（{why}）",
    "publish_failed": "返信を公開できなかった（{reason}）",
    "publish_unclear": "返信が公開されたか確認できない（{reason}）",
    "take_down_asked": "返信の削除を依頼",
    "take_down_failed": "返信を削除できなかった（{reason}）",
    "take_down_unclear": "返信が削除されたか確認できない（{reason}）",
    "thank": "お礼の返信を自動で掲載し完了",
    "resolve": "解決（原因：{cause}）",
    "follow_up": "事後確認へ移行",
    "asked": "お客様にその後のご様子を伺うメールを送信",
    "form_answered": "お客様がその後のご様子を回答（ご不便：{recovered}、満足度：{satisfaction}、おすすめ度：{nps}）",
    "followed_up": "事後確認を実施（{kind}）",
    "close": "案件を完了",
    "dismiss": "対象外として完了",
    "withdraw": "投稿が削除されたため完了",
    "merge": "K-{into} に統合",
    "reopen": "案件を再開",
    "revised": "投稿が編集された（評価 {before} → {after}）",
    "revised.text": "投稿の本文が編集された",
    "outcome": "結果：{outcome}",
    "outcome.rating_up": "結果：{outcome}（根拠：返信のあと評価が {before} から {after} に上がった）",
    "outcome.rating_down": "結果：{outcome}（根拠：返信のあと評価が {before} から {after} に下がった）",
    "outcome.text_up": "結果：{outcome}（根拠：返信のあと本文が前向きに書き換えられた）",
    "outcome.text_down": "結果：{outcome}（根拠：返信のあと本文がより厳しく書き換えられた）",
    "outcome.form": "結果：{outcome}（根拠：お客様の回答）",
    "outcome.gone": "結果：{outcome}（根拠：投稿が削除された）",
    "outcome.silence": "結果：{outcome}（根拠：{days}日間、投稿に変化がない）",
    "outcome.returned": "結果：{outcome}（根拠：{days}日後に同じお客様から満足の投稿があった）",
    "clock_missed": "「{clock}」の期限を超過",
    "clock_restarted": "「{clock}」の期限を再設定",
    "waiting": "保留（{what}）",
    "waited": "保留を解除（{what}）",
    "noted": "メモを追加",
    "noted.why": "「なぜ」への答えを記録",
    "relabelled": "判定を訂正",
    "drafted": "返信案を作成",
    "assigned": "担当チーム：{team}",
    "escalation_asked": "エスカレーションを依頼",
    "escalated": "エスカレーション（{step}段階目）",
    "erased": "投稿者の個人データを消去",
    "let_go": "保存期間が過ぎたため本文と氏名を消去",
    "raised": "深刻度を「{severity}」に引き上げ",
    "linked": "別の投稿者アカウントと同一人物として関連付け",
    "unlinked": "アカウントの関連付けを解除",
    "merged_in": "K-{case} を統合",
    "split_off": "K-{case} を分割",
    "task_added": "タスクを追加",
    "task_done": "タスクを完了",
    "edited": "返信案を編集",
    "approval_asked": "返信の承認を依頼",
    "approval_declined": "返信を差し戻し",
    "told": "お客様へ経過をご連絡（{stage}）",
    "drafter_fell_back": "言語モデルの返信案は使えず、通常の返信案のまま（{reason}）",
    "offered": "お客様への提案を作成（{amount} {currency}）",
    "offer_decided": "提案の可否を決定（{state}）",
    "offer_redeemed": "提案が利用された",
    "offer_withdrawn": "提案を取り下げ",
    "offer_expired": "提案の承認期限が切れた",
}
ENGLISH = {
    "opened": "case opened (severity {severity}; {criteria})",
    "acknowledge": "claimed",
    "release": "left alone: free again",
    "investigate": "investigation begun",
    "answer": "answering",
    "approved": "reply approved",
    "posted": "reply posted",
    "reply_withdrawn": "reply withdrawn ({why})",
    "publish_failed": "the reply could not be published ({reason})",
    "publish_unclear": "nobody knows whether the reply is live ({reason})",
    "take_down_asked": "asked to take the reply down",
    "take_down_failed": "the reply could not be taken down ({reason})",
    "take_down_unclear": "nobody knows whether the reply was taken down ({reason})",
    "thank": "thanked automatically and closed",
    "resolve": "resolved (cause: {cause})",
    "follow_up": "following up",
    "asked": "asked the customer by mail whether it worked",
    "form_answered": "the customer answered (recovered: {recovered}, satisfaction {satisfaction}, NPS {nps})",
    "followed_up": "followed up ({kind})",
    "close": "closed",
    "dismiss": "closed as not a case",
    "withdraw": "closed: the mention was deleted",
    "merge": "merged into K-{into}",
    "reopen": "re-opened",
    "revised": "mention edited (rating {before} → {after})",
    "revised.text": "text of the mention edited",
    "outcome": "outcome: {outcome}",
    "outcome.rating_up": "outcome: {outcome} (the rating went up from {before} to {after} after our reply)",
    "outcome.rating_down": "outcome: {outcome} (the rating went down from {before} to {after} after our reply)",
    "outcome.text_up": "outcome: {outcome} (the text was edited for the better after our reply)",
    "outcome.text_down": "outcome: {outcome} (the text was edited for the worse after our reply)",
    "outcome.form": "outcome: {outcome} (the customer said so)",
    "outcome.gone": "outcome: {outcome} (the mention was deleted)",
    "outcome.silence": "outcome: {outcome} (nothing changed for {days} days)",
    "outcome.returned": "outcome: {outcome} (the same customer wrote again, content, {days} days later)",
    "clock_missed": "{clock} is overdue",
    "clock_restarted": "{clock} restarted",
    "waiting": "waiting ({what})",
    "waited": "no longer waiting ({what})",
    "noted": "note added",
    "noted.why": "a why was answered",
    "relabelled": "assessment corrected",
    "drafted": "reply drafted",
    "assigned": "team: {team}",
    "escalation_asked": "escalation asked for",
    "escalated": "escalated (step {step})",
    "erased": "personal data of the author erased",
    "let_go": "texts and names deleted after the time for which they are kept",
    "raised": "severity raised to {severity}",
    "linked": "linked with another account of the same person",
    "unlinked": "link of accounts undone",
    "merged_in": "K-{case} merged into this",
    "split_off": "K-{case} split off",
    "task_added": "task for the process added",
    "task_done": "task for the process done",
    "edited": "draft edited",
    "approval_asked": "approval of the reply asked for",
    "approval_declined": "reply sent back",
    "told": "told the customer how it goes ({stage})",
    "drafter_fell_back": "the language model gave no usable draft, the composed one stays ({reason})",
    "offered": "offer made ({amount} {currency})",
    "offer_decided": "offer decided ({state})",
    "offer_redeemed": "offer redeemed",
    "offer_withdrawn": "offer withdrawn",
    "offer_expired": "offer expired without approval",
}
VALUES_JA = {
    **{cause.name: cause.ja for cause in CAUSES.values()},
    "acknowledge": "担当開始",
    "first_response": "初回返信",
    "resolution": "解決",
    "follow_up": "事後確認",
    "customer": "お客様の返答待ち",
    "approval": "承認待ち",
    "snoozed": "あとで対応",
    "none": "対応不要",
    "minor": "軽微",
    "major": "重大",
    "critical": "緊急",
    "yes": "解消",
    "partly": "一部解消",
    "no": "未解消",
    "recovered": "信頼を回復",
    "improved": "改善",
    "unchanged": "変化なし",
    "lost": "回復できず",
    "withdrawn": "投稿の削除",
    "not_a_case": "対象外",
    "look": "投稿を確認",
    "ask": "お客様に確認",
    "lead": "責任者が連絡",
    "thanks": "お礼",
    "replaced": "新しい返信に差し替え",
    "undone": "承認を取り消し",
    "answered_on_site": "サイト上で返信済み",
    "gone_from_site": "サイトから消えた",
    "taken_down": "サイトから削除",
    "case_closed": "案件が完了済み",
    "gone": "投稿が削除された",
    "revoked": "接続の許可が失効",
    "refused": "却下",
    "answered": "返信済みで変更できない",
    "unclear": "サイトの応答なし",
    "gave_up": "一日試みて届かず",
    "received": "受付",
    "investigating": "調査中",
    "delayed": "遅延",
    "resolved": "対応完了",
    "timeout": "時間切れ",
    "unreachable": "接続できず",
    "unreadable": "回答の形式が不正",
    "silent": "回答が空",
    "budget": "一日の上限に到達",
    "guard": "公開基準に合わず",
    "late": "その間に担当者が対応",
    "standing": "承認",
    "asked": "承認待ち",
    "expired": "期限切れ",
    "redeemed": "利用済み",
}

VALUES_EN = {
    **{cause.name: cause.en.partition(":")[0].lower() for cause in CAUSES.values()},
    "acknowledge": "acknowledgement",
    "first_response": "first response",
    "follow_up": "follow-up",
    "customer": "for the customer",
    "approval": "for an approval",
    "not_a_case": "not a case",
    "look": "looked at the mention",
    "ask": "asked the customer",
    "lead": "a lead asked",
    "answered_on_site": "answered on the site",
    "gone_from_site": "gone from the site",
    "taken_down": "taken down",
    "case_closed": "the case is closed",
    "gone": "the mention was deleted",
    "gave_up": "not within a day",
    "standing": "approved",
    "asked": "waits for approval",
}


def timeline(session: Session, case_id: int, settings: Settings) -> list[str]:
    """One line an event, oldest first: when, what, by whom."""
    japanese, zone = settings.brand.languages[0] == "ja", settings.brand.zone
    return [_line(event, settings, zone, japanese=japanese) for event in events_of(session, case_id)]


def _line(event: Event, settings: Settings, zone: ZoneInfo, *, japanese: bool) -> str:
    return f"{_when(event.at, zone, japanese=japanese)} {told(event, settings, japanese=japanese)}"


def told(event: Event, settings: Settings, *, japanese: bool) -> str:
    """One event in words, with who did it and without when: a page shows that in the viewer's own zone."""
    words = JAPANESE if japanese else ENGLISH
    evidence = event.data.get("evidence")
    known = event.data | (evidence if isinstance(evidence, dict) else {})
    data = {key: _value(value, japanese=japanese) for key, value in known.items()}
    if "criteria" in event.data:
        data["criteria"] = criteria_said(str(event.data["criteria"]), "ja" if japanese else "en")
    # An event of a newer version may be unknown here: its bare name is better than nothing.
    words_of = words.get(f"{event.kind}.{_sort(event)}") or words.get(event.kind, event.kind)
    said = words_of.format_map(_Absent(data))
    person = settings.people.get(event.actor)
    by = person.name if person else event.actor
    suffix = "" if event.actor == "system" else f"（{by}）" if japanese else f" ({by})"
    return said + suffix


def _sort(event: Event) -> object:
    """Which sort of its kind an event is, where that is told in other words."""
    if event.kind == "revised":
        return "text" if event.data.get("before") == event.data.get("after") else None
    evidence = event.data.get("evidence")
    return evidence.get("kind") if isinstance(evidence, dict) else event.data.get("kind")


class _Absent(dict[str, Any]):
    """What an event does not name reads as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def _value(value: Any, *, japanese: bool) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:g}"
    return VALUES_JA.get(str(value), str(value)) if japanese else VALUES_EN.get(str(value), str(value))


def _when(at: datetime, zone: ZoneInfo, *, japanese: bool) -> str:
    local = at.astimezone(zone)
    return f"{local.month}月{local.day}日 {local:%H:%M}" if japanese else f"{local:%d %b %H:%M}"
