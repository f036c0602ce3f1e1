"""A case in words, for receivers that show plain text: mail, chat webhooks."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.messages.plain import cleaned, one_line, public
from alerts.messages.wording import Words, name_of, strategy_of, times_heard
from alerts.view import CaseView


@dataclass(frozen=True, slots=True)
class CaseText:
    """Title, facts in order, the quotation, the draft. Cleaned and masked; nothing is escaped yet."""

    title: str
    facts: tuple[tuple[str, str], ...]
    quote: str
    draft: str
    url: str | None


def spread(view: CaseView, words: Words) -> str:
    """How many it reached, and how often others repeated it."""
    parts = [f"{view.reach:,}"] if view.reach else []
    parts += [f"🔁 {words['copies.n'].format(n=view.copies)}"] if view.copies else []
    return " · ".join(parts)


def case_text(view: CaseView, words: Words) -> CaseText:
    """What a message about a case says."""
    parts = [view.ref, name_of(words, "severity", view.severity)]
    parts += [f"★{view.stars:g}"] if view.stars is not None else []
    parts += [one_line(view.location, 40)] if view.location else []
    parts += [name_of(words, "topic", one_line(view.topics[0], 30))] if view.topics else []
    facts = [(words["owner"], one_line(view.owner_name or view.owner or words["nobody"], 80))]
    if view.outcome:
        facts.append((words["outcome"], name_of(words, "outcome", view.outcome)))
    if view.author:
        facts.append((words["author"], f"{one_line(view.author, 80)} ({times_heard(words, view.author_history)})"))
    facts.append((words["source"], one_line(view.source, 100)))
    if view.copies or view.reach:
        facts.append((words["reach"], spread(view, words)))
    for clock in view.clocks[:4]:
        state = words["met"] if clock.met_at else words["missed"] if clock.missed_at else words["due"]
        facts.append((name_of(words, "clock", clock.name), f"{state} {clock.due_at:%Y-%m-%d %H:%M %Z}"))
    if view.strategy:
        facts.append(
            (words["strategy"], one_line(f"{strategy_of(words, view.strategy)} — {view.strategy_why or ''}", 400))
        )
    url = view.url if view.url and view.url.startswith(("https://", "http://")) else None
    return CaseText(
        title=" · ".join(parts),
        facts=tuple(facts),
        quote=public(view.evidence or view.text, 800),
        draft=cleaned(view.draft)[:3000] or words["no_draft"],
        url=url,
    )
