"""The end of the demo: a table of what came of everything, and one whole timeline."""

from __future__ import annotations

from collections import Counter

from rich.table import Table
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from kintsugi.app import App
from kintsugi.demo.console import DemoConsole
from kintsugi.demo.owner import Owner
from kintsugi.views.timeline import timeline
from storage.case import Case
from storage.delivery import Delivery
from storage.event import Event
from storage.log import verify_log
from storage.mention import Mention, Revision, latest_revision
from storage.source import Crawl, Source


def print_summary(app: App, console: DemoConsole, owner: Owner, *, seconds: float) -> None:
    """Prints the account of every source, the cases by outcome, one timeline, and where to look on."""
    out = console.console
    with app.database.read() as session:
        out.print(_sources(session))
        out.print(_cases(session))
        story = _best_story(session)
        if story is not None:
            first = " ".join(latest_revision(session, story.mention_id).text.split())
            out.print(f"\n[bold]{story.ref}[/bold] {first[:90]}", markup=True)
            for line in timeline(session, story.id, app.settings):
                out.print(f"  {line}", markup=False)
        broken = verify_log(session, [])
        events = session.scalar(select(func.count()).select_from(Event))
        crawls_right = all(crawl.adds_up() for crawl in session.scalars(select(Crawl)))
    out.print(
        f"\n{events} events, chains {'whole' if not broken else 'BROKEN'}; accounts "
        f"{'add up' if crawls_right else 'DO NOT ADD UP'}; the owner: "
        + ", ".join(f"{count} {what}" for what, count in owner.did.most_common())
    )
    out.print(
        f"21 days in {seconds:.0f} s. The database stays: kintsugi cases list --state all -c {app.folder}/kintsugi.yaml"
    )


def _sources(session: Session) -> Table:
    table = Table(title="What was read", title_justify="left")
    names = ("fetched", "new", "revised", "unchanged", "ignored", "rejected", "gone")
    for heading in ("source", *names):
        table.add_column(heading, justify="left" if heading == "source" else "right")
    for source in session.scalars(select(Source).order_by(Source.key)):
        row = session.execute(
            select(*(func.sum(getattr(Crawl, name)) for name in names)).where(Crawl.source_id == source.id)
        ).one()
        table.add_row(source.key, *(str(value or 0) for value in row))
    mentions = session.scalar(select(func.count()).select_from(Mention))
    revisions = session.scalar(select(func.count()).select_from(Revision))
    table.caption = f"{mentions} mentions, {revisions} revisions"
    return table


def _cases(session: Session) -> Table:
    table = Table(title="What became of the cases", title_justify="left")
    cases = session.scalars(select(Case)).all()
    found = Counter((case.outcome or f"open ({case.state})", case.severity) for case in cases)
    severities = ("critical", "major", "minor", "none")
    table.add_column("outcome")
    for severity in severities:
        table.add_column(severity, justify="right")
    for outcome in sorted({outcome for outcome, _ in found}):
        table.add_row(outcome, *(str(found[outcome, severity] or "") for severity in severities))
    sent = session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state == "sent"))
    table.caption = f"{len(cases)} cases, {sent} deliveries"
    return table


def _best_story(session: Session) -> Case | None:
    """The recovered case of a review with the longest timeline: the reason why all this exists."""
    longest = select(Event.case_id, func.count().label("events")).group_by(Event.case_id).subquery()
    reviewed = exists().where(Revision.mention_id == Case.mention_id, Revision.rating.is_not(None))
    return session.scalar(
        select(Case)
        .join(longest, longest.c.case_id == Case.id)
        .order_by((Case.outcome == "recovered").desc(), reviewed.desc(), longest.c.events.desc(), Case.id)
        .limit(1)
    )
