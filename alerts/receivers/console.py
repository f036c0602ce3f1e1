"""The receiver `console`: cases on standard output, for trying Kintsugi without any account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alerts.messages.case_text import spread
from alerts.messages.plain import cleaned, one_line, public, shortened
from alerts.messages.wording import Words, name_of, times_heard, words_for
from alerts.receivers.receiver import Address, Result, Sent
from alerts.view import CaseView

if TYPE_CHECKING:
    from rich.console import Console

    from config.route import ConsoleReceiver as ConsoleOptions
    from config.settings import Secrets, Settings

_COLOURS = {"critical": "bold white on red", "major": "red", "minor": "yellow", "none": "dim"}


class ConsoleReceiver:
    """Prints. A case is a panel, an edit is one line. It cannot be asked, and forgets what it printed."""

    def __init__(self, console: Console, words: Words) -> None:
        self._console = console
        self._words = words

    def deliver(
        self,
        key: str,
        purpose: str,
        payload: Mapping[str, Any],
        view: CaseView | None,
        address: Address | None,  # noqa: ARG002  # what was printed stays where it is
    ) -> Result:
        """Prints it. Always taken."""
        if view is not None and purpose == "case_message":
            self._case(view)
        elif view is not None and purpose == "case_edit":
            self._line(view)
        elif purpose in ("thread", "direct"):
            who = payload.get("mention") or payload.get("person")
            words = [view.ref if view else "", f"@{who}" if who else "", str(payload["text"])]
            line = cleaned("  ↳ " + " ".join(part for part in words if part))
            self._console.print(line, markup=False, highlight=False)
        elif purpose.startswith("notice"):
            self._notice(payload)
        return Sent({"console": key})

    def _case(self, view: CaseView) -> None:
        from rich.panel import Panel
        from rich.text import Text

        words, colour = self._words, _COLOURS.get(view.severity, "")
        body = Text()
        stars = f"★{view.stars:g}" if view.stars is not None else ""
        if view.stars_before not in (None, view.stars):
            stars += f" ({words['before']} ★{view.stars_before:g})"
        topics = words["listed"].join(name_of(words, "topic", topic) for topic in view.topics[:3])
        where = " · ".join(part for part in (stars, view.location, topics, view.source) if part)
        body.append(cleaned(where) + "\n", style="bold")
        if view.author:
            heard = times_heard(words, view.author_history)
            body.append(f"{words['author']}: {one_line(view.author, 60)} ({heard})\n", style="dim")
        if view.copies or view.reach:
            body.append(f"{words['reach']}: {spread(view, words)}\n", style="dim")
        body.append(f"“{one_line(view.evidence or view.text, 300)}”\n", style="italic")
        clocks = [clock for clock in view.clocks if clock.met_at is None][:2]
        for clock in clocks:
            due = clock.due_at.strftime("%m-%d %H:%M %Z")
            body.append(f"⏳ {name_of(words, 'clock', clock.name)} {words['due']} {due}\n", style="dim")
        if view.draft:
            body.append(f"\n{words['draft']} ({name_of(words, 'language', view.draft_language)})\n", style="bold")
            body.append(shortened(cleaned(view.draft), 1200))
        else:
            body.append(f"\n{words['no_draft']}", style="bold")
        for finding in view.findings[:3]:
            body.append(f"\n{'⛔' if finding.level == 'block' else '⚠'} {one_line(finding.why, 200)}", style="yellow")
        title = Text(f" {view.ref} {name_of(words, 'severity', view.severity)} ", style=colour)
        self._console.print(
            Panel(body, title=title, title_align="left", border_style=colour.split(" on ")[-1] or "dim")
        )

    def _line(self, view: CaseView) -> None:
        words = self._words
        parts = [name_of(words, "state", view.state)]
        if view.owner_name or view.owner:
            parts.append(f"{words['owner']}: {view.owner_name or view.owner}")
        if view.outcome:
            parts.append(f"{words['outcome']}: {name_of(words, 'outcome', view.outcome)}")
        self._console.print(cleaned(f"  {view.ref} → {' · '.join(parts)}"), markup=False, highlight=False)

    def _notice(self, payload: Mapping[str, Any]) -> None:
        from rich.text import Text

        self._console.rule(Text(one_line(str(payload.get("title", "")), 120), style="bold"))
        for line in payload.get("lines", []):
            self._console.print(public(str(line), 3000), markup=False, highlight=False)


def open_receiver(name: str, options: ConsoleOptions, settings: Settings, secrets: Secrets) -> ConsoleReceiver:  # noqa: ARG001  # one signature for all kinds
    """The receiver of standard output."""
    from rich.console import Console

    return ConsoleReceiver(Console(), words_for(settings.brand.languages))
