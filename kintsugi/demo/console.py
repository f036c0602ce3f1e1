"""What the demo shows while it runs: the first case and the first critical one in full, the others in a line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from alerts.receivers.console import open_receiver
from alerts.receivers.receiver import Address, Result, Sent
from alerts.view import CaseView
from config.route import ConsoleReceiver
from kintsugi.app import App

COLOURS = {"critical": "bold red", "major": "red", "minor": "yellow", "none": "dim"}


class DemoConsole:
    """The receiver of all routes of the demo."""

    def __init__(self, app: App) -> None:
        self.console = Console(highlight=False)
        self.told: Counter[str] = Counter()
        self._full = open_receiver("console", ConsoleReceiver(), app.settings, app.secrets)
        self._shown: set[str] = set()
        self._told: set[str] = set()
        self._outcomes: set[tuple[str, str]] = set()
        self._day = 0

    def day(self, number: int) -> None:
        """Says once that a new day has begun."""
        if number != self._day:
            self._day = number
            self.console.print(f"[dim]── day {number} " + "─" * 40 + "[/dim]")

    def deliver(
        self, key: str, purpose: str, payload: Mapping[str, Any], view: CaseView | None, address: Address | None
    ) -> Result:
        """Prints it; always taken."""
        self.told[purpose] += 1
        if purpose == "case_message" and view is not None and view.ref in self._told:
            return Sent({"console": key})  # two teams were told: it is the same case
        if view is None:
            return self._full.deliver(key, purpose, payload, view, address)
        self._told.add(view.ref)
        if purpose == "case_message" and self._in_full(view):
            return self._full.deliver(key, purpose, payload, view, address)
        if purpose == "case_message":
            stars = f"★{view.stars:g} " if view.stars is not None else ""
            words = " ".join((view.evidence or view.text).split())[:70]
            head = f"[{COLOURS[view.severity]}]{view.ref:>5} {view.severity:<8}[/] {stars}"
            about = [view.location or view.source, ", ".join(view.topics[:2]), words]
            self.console.print(
                head + escape(" · ".join(part for part in about if part)), overflow="ellipsis", no_wrap=True
            )
        elif view.outcome and (view.ref, view.outcome) not in self._outcomes:
            self._outcomes.add((view.ref, view.outcome))
            before = f" (★{view.stars_before:g} → ★{view.stars:g})" if view.stars_before and view.stars else ""
            self.console.print(f"[green]{view.ref:>5} {view.outcome}[/]{before}")
        return Sent({"console": key})

    def _in_full(self, view: CaseView) -> bool:
        """The first case of all, and the first of each grave severity."""
        kind = view.severity if view.severity in ("critical", "major") else "any"
        if kind in self._shown:
            return False
        self._shown.add(kind)
        return True
