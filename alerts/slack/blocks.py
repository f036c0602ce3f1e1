"""What a case looks like in Slack. Pure: a view goes in, Block Kit comes out, its limits kept by construction.

At most 40 blocks (Slack takes 50), 3,000 characters a section, 150 in the header, 2,000 in a button's value and a
field. The fallback text, which is what a phone shows, names the case and never carries the whole review.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from alerts.messages.case_text import spread
from alerts.messages.plain import cleaned, one_line, public
from alerts.messages.wording import Words, name_of, strategy_of, times_heard
from alerts.slack.buttons import asked_offers, buttons
from alerts.slack.text import date, escaped, fitted, link, mention, quoted
from alerts.view import CaseView, FollowUpView, PublishingView
from config.duration import say_duration

SECTION = 3000
HEADER = 150
FALLBACK = 200
MARKS = {"critical": "🚨", "major": "🟠", "minor": "🟡", "none": "⚪"}


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """The body of chat.postMessage and chat.update: `text` is the notification, `blocks` the message."""

    text: str
    blocks: list[dict[str, Any]]


def case_message(view: CaseView, words: Words, *, interactive: bool = False, note: str | None = None) -> SlackMessage:
    """The living message of a case. `interactive`: with buttons, where somebody listens to them."""
    blocks: list[Block] = [HeaderBlock(text=PlainTextObject(text=_title(view, words), emoji=True))]
    if note:
        blocks.append(ContextBlock(elements=[_mrkdwn(fitted(note, 1000))]))
    blocks.append(ContextBlock(elements=[_mrkdwn(_status(view, words))]))
    blocks += _said(view, words)
    blocks += _due(view, words)
    blocks += _to_say(view, words)
    blocks += _besides(view, words, interactive=interactive)
    blocks += _done(view, words)
    if interactive:
        blocks += buttons(view, words)
    return SlackMessage(fallback(view, words), [block.to_dict() for block in blocks])


def fallback(view: CaseView, words: Words) -> str:
    """One line for the notification: what it is and where, and the beginning of the deciding sentence."""
    evidence = one_line(view.evidence or view.text, 60)
    return fitted(f"{_title(view, words)} — {evidence}" if evidence else _title(view, words), FALLBACK)


def thread_reply(text: str, person: str | None) -> SlackMessage:
    """A reply in the case's thread, which notifies the person that it names."""
    body = f"{mention(person)} {fitted(text, 2800)}" if person else fitted(text, 2800)
    return SlackMessage(body, [SectionBlock(text=_mrkdwn(body)).to_dict()])


def notice(payload: dict[str, Any] | Any, words: Words) -> SlackMessage:
    """A summary, an incident or a report: a title, paragraphs, a link."""
    title = one_line(str(payload.get("title", "")), HEADER - 4)
    mark = MARKS.get(str(payload.get("severity", "")), "")
    head = f"{mark} {title}".strip()
    blocks: list[Block] = [HeaderBlock(text=PlainTextObject(text=head or "…", emoji=True))]
    lines = [str(line) for line in payload.get("lines", [])]
    for line in lines[:40]:
        blocks.append(SectionBlock(text=_mrkdwn(fitted(public(line, SECTION), SECTION) or " ", verbatim=True)))
    if len(lines) > 40:
        blocks.append(ContextBlock(elements=[_mrkdwn(words["more"].format(n=len(lines) - 40))]))
    if payload.get("link"):
        blocks.append(ContextBlock(elements=[_mrkdwn(link(str(payload["link"]), words["open"]))]))
    return SlackMessage(fitted(head, FALLBACK), [block.to_dict() for block in blocks])


def _title(view: CaseView, words: Words) -> str:
    parts = [f"{MARKS.get(view.severity, '')} {name_of(words, 'severity', view.severity)}".strip(), view.ref]
    if view.stars is not None:
        parts.append(f"★{view.stars:g}")
    if view.location:
        parts.append(one_line(view.location, 40))
    if view.topics:
        parts.append(name_of(words, "topic", one_line(view.topics[0], 30)))
    return " · ".join(parts)[:HEADER]


def _status(view: CaseView, words: Words) -> str:
    who = mention(view.owner) if view.owner else words["nobody"]
    parts = [f"*{name_of(words, 'state', view.state)}*", f"{words['owner']}: {who}"]
    if view.team:
        parts.append(f"{words['team']}: {fitted(view.team, 80)}")
    if view.outcome:
        parts.append(f"{words['outcome']}: *{fitted(name_of(words, 'outcome', view.outcome), 80)}*")
    if view.merged_into:
        parts.append(words["merged_into"].format(ref=view.merged_into))
    if view.waiting:
        until = f" → {date(view.waiting_until)}" if view.waiting_until else ""
        parts.append(f"⏸ {fitted(name_of(words, 'waiting', view.waiting), 80)}{until}")
    return " · ".join(parts)


def _said(view: CaseView, words: Words) -> list[Block]:
    facts = _facts(view, words)
    blocks: list[Block] = [SectionBlock(fields=[_mrkdwn(f"*{name}*\n{value}") for name, value in facts])]
    if view.evidence:
        blocks.append(_section(f"*{words['quote']}*\n{quoted(public(view.evidence, 800), 1500, words['cut'])}"))
    whole = "\n".join(part for part in (view.title, view.text) if part)
    if whole and whole.strip() != (view.evidence or "").strip():
        text = fitted(public(whole, SECTION), SECTION - 100, words["truncated"])
        blocks.append(_section(f"*{words['whole']}*\n{text}", expand=False))
    foot = [link(view.url, words["open"])] if view.url else []
    if view.gone_at:
        foot.append(f"🗑 {words['gone']} ({date(view.gone_at)})")
    if view.criteria:
        foot.append(f"{words['criteria']}: {fitted(one_line(view.criteria, 200), 400)}")
    if foot:
        blocks.append(ContextBlock(elements=[_mrkdwn(" · ".join(foot))]))
    return blocks


def _facts(view: CaseView, words: Words) -> list[tuple[str, str]]:
    """What is known of the mention: (name, value), at most the ten fields of a section."""
    facts: list[tuple[str, str]] = []
    if view.stars is not None:
        before = f" ({words['before']} ★{view.stars_before:g})" if view.stars_before not in (None, view.stars) else ""
        facts.append((words["rating"], _stars(view.stars) + before))
    if view.author:
        heard = times_heard(words, view.author_history)
        facts.append((words["author"], f"{fitted(one_line(view.author, 80), 200)} ({heard})"))
    if view.location:
        facts.append((words["place"], fitted(one_line(view.location, 100), 200)))
    facts.append((words["source"], fitted(one_line(view.source, 100), 200)))
    if view.topics:
        named = words["listed"].join(name_of(words, "topic", topic) for topic in view.topics[:4])
        facts.append((words["topics"], fitted(named, 200)))
    if view.language:
        facts.append((words["language"], fitted(name_of(words, "language", view.language), 60)))
    if view.copies or view.reach:
        facts.append((words["reach"], spread(view, words)))
    if view.posted_at:
        facts.append((words["posted"], date(view.posted_at)))
    return facts


def _due(view: CaseView, words: Words) -> list[Block]:
    parts = []
    for clock in view.clocks[:6]:
        name = name_of(words, "clock", clock.name)
        if clock.met_at:
            parts.append(f"✅ {escaped(name)} {date(clock.met_at)}")
        elif clock.missed_at:
            parts.append(f"⏰ *{escaped(name)}* {words['missed']} ({date(clock.due_at)})")
        else:
            parts.append(f"⏳ {escaped(name)} {words['due']} {date(clock.due_at)}")
    blocks: list[Block] = [ContextBlock(elements=[_mrkdwn("  ".join(parts))])] if parts else []
    if view.known_causes:
        causes = words["listed"].join(one_line(cause, 100) for cause in view.known_causes[:5])
        blocks.append(_section(f"🔎 *{words['causes']}*: {fitted(causes, 1000)}"))
    return blocks


def _to_say(view: CaseView, words: Words) -> list[Block]:
    if view.publishing is not None:
        return _publishing(view.publishing, view, words)
    if view.approved is not None:
        text = quoted(cleaned(view.approved), SECTION - 400, words["cut"])
        return [DividerBlock(), _section(f"*{words['approved.by_hand']}*\n{text}")]
    if view.reply or view.state == "closed":
        return []
    blocks: list[Block] = [DividerBlock()]
    if view.strategy:
        why = f" — {fitted(one_line(view.strategy_why, 600), 900)}" if view.strategy_why else ""
        blocks.append(_section(f"*{words['strategy']}*: {fitted(strategy_of(words, view.strategy), 300)}{why}"))
    if view.draft:
        language = name_of(words, "language", view.draft_language)
        head = f"*{words['draft']}*" + (f" ({fitted(language, 60)})" if view.draft_language else "")
        blocks.append(_section(f"{head}\n{fitted(cleaned(view.draft), SECTION - 200, words['cut'])}"))
        if view.alternatives:
            named = [name_of(words, "tone", one_line(tone, 40)) for tone, _ in view.alternatives[:5]]
            tones = words["listed"].join(named)
            blocks.append(ContextBlock(elements=[_mrkdwn(f"{words['other_drafts']}: {fitted(tones, 400)}")]))
    else:
        blocks.append(_section(f"✍️ {words['no_draft']}"))
    blocks.append(ContextBlock(elements=[_mrkdwn(how_published(view, words))]))
    for finding in view.findings[:5]:
        mark = "⛔" if finding.level == "block" else "⚠️"
        level = words.get(f"finding.{finding.level}", finding.level)
        text = f"{mark} *{escaped(level)}*: {fitted(one_line(finding.why, 400), 800)}"
        blocks.append(ContextBlock(elements=[_mrkdwn(text)]))
    if len(view.findings) > 5:
        blocks.append(ContextBlock(elements=[_mrkdwn(words["more"].format(n=len(view.findings) - 5))]))
    if view.question is not None:
        asks = words["question.asks"].format(who=fitted(view.question.by_name, 80), until=date(view.question.until))
        said = f"\n{quoted(public(view.question.text, 800), 1500)}" if view.question.text else ""
        blocks.append(_section(f"{asks}{said}"))
    return blocks


def _besides(view: CaseView, words: Words, *, interactive: bool) -> list[Block]:
    """What is done besides the reply: offers, first those that somebody has to decide, and how far the tasks are."""
    lines = [
        f"🎁 {fitted(one_line(offer.remedy, 120), 300)} ({escaped(offer.amount)} {escaped(offer.currency)}) — "
        f"{name_of(words, 'offer.state', offer.state)}"
        for offer in view.offers
        if offer.state in ("standing", "redeemed")
    ][-3:]
    if view.tasks:
        done = sum(task.done for task in view.tasks)
        lines.append(words["tasks.open"].format(done=done, all=len(view.tasks)))
    blocks = asked_offers(view, words) if interactive and view.state != "closed" else []
    if lines:
        blocks.append(ContextBlock(elements=[_mrkdwn(line) for line in lines]))
    return blocks


def how_published(view: CaseView, words: Words) -> str:
    """Whether a person posts the reply, or which channel does, and how long that can be undone."""
    if view.channel == "manual":
        return f"✋ {words['publish.by_hand']}"
    channel, undo = words[f"channel.{view.channel}"], say_duration(view.undo, words["language_code"])
    return f"📤 {words['publish.by_channel'].format(channel=channel, undo=undo)}"


def _publishing(reply: PublishingView, view: CaseView, words: Words) -> list[Block]:
    """An approved reply on its way: when it goes out, or why it did not."""
    channel = words[f"channel.{view.channel}"]
    said = words[f"publish.{reply.state}"].format(channel=channel, at=date(reply.due_at))
    blocks: list[Block] = [
        DividerBlock(),
        _section(f"*{said}*\n{quoted(cleaned(reply.text), SECTION - 400, words['cut'])}"),
    ]
    if reply.error:
        blocks.append(ContextBlock(elements=[_mrkdwn(f"⚠️ {fitted(one_line(reply.error, 400), 800)}")]))
    return blocks


def _done(view: CaseView, words: Words) -> list[Block]:
    blocks: list[Block] = []
    if view.reply:
        when = f" ({date(view.reply_at)})" if view.reply_at else ""
        text = quoted(public(view.reply, 1500), SECTION - 200, words["cut"])
        blocks += [DividerBlock(), _section(f"*{words['reply']}*{when}\n{text}", expand=False)]
    if view.done:
        cause = f" · *{words['cause']}*: {fitted(one_line(view.cause, 300), 500)}" if view.cause else ""
        blocks.append(_section(f"*{words['done']}*: {fitted(one_line(view.done, 1000), 1800)}{cause}"))
    if view.follow_ups:
        blocks.append(ContextBlock(elements=[_mrkdwn(_owed(one, words)) for one in view.follow_ups[:10]]))
    return blocks


def _owed(one: FollowUpView, words: Words) -> str:
    what = escaped(words[f"follow_up.{one.kind}"])
    if one.done_at is None:
        return f"⏳ {what} {words['due']} {date(one.due_at)}"
    return f"✅ {what} {date(one.done_at)} {fitted(one.done_by or '', 80)}".rstrip()


def _stars(stars: float) -> str:
    full = max(0, min(5, round(stars)))
    return "★" * full + "☆" * (5 - full) + f" {stars:g}"


def _mrkdwn(text: str, *, verbatim: bool = True) -> MarkdownTextObject:
    # Verbatim: what looks like an address or a channel in a review is not turned into a link.
    return MarkdownTextObject(text=text, verbatim=verbatim)


def _section(text: str, *, expand: bool | None = None) -> SectionBlock:
    return SectionBlock(text=_mrkdwn(text), expand=expand)
