"""What must hold after any number of deaths: everything is there, and everything was told once."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from kintsugi.app import App
from storage.case import Case
from storage.delivery import Delivery
from storage.escalation import EscalationStep
from storage.log import verify_log
from storage.mention import Mention
from storage.source import Crawl
from storage.work import Work
from tests.drills.installation import CHANNELS
from tests.fake_slack.server import FakeSlack


def crawled(app: App) -> list[str]:
    """The sources that are read, and not sent to us."""
    return [key for key, source in app.settings.sources.items() if source.kind != "webhook"]


def whole(app: App, slack: FakeSlack) -> dict[str, int]:
    """Asserts it for an installation that has just crawled all its sources once more. Returns figures."""
    with app.database.read() as session:
        again = session.scalars(select(Crawl).order_by(Crawl.id.desc()).limit(len(crawled(app)))).all()
        assert [(one.new, one.revised) for one in again] == [(0, 0)] * len(again), "a last reading finds nothing new"
        assert all(one.adds_up() for one in session.scalars(select(Crawl)))
        assert not session.scalars(select(Crawl).where(Crawl.state == "running")).all()
        assert verify_log(session) == []
        assert not session.scalars(select(Work).where(Work.state == "parked")).all()
        steps = Counter(session.scalars(select(EscalationStep.ended)))
        late = (EscalationStep.ended.is_(None)) & (EscalationStep.due_at <= app.clock.now())
        assert not session.scalars(select(EscalationStep).where(late)).all(), "every step ran or had no need to"
        states = Counter(session.scalars(select(Delivery.state)))
        assert set(states) <= {"sent", "cancelled"}, states
        told = {case for case in session.scalars(select(Delivery.case_id).where(Delivery.purpose == "case_message"))}
        figures = {
            "mentions": session.scalar(select(func.count()).select_from(Mention)) or 0,
            "cases": session.scalar(select(func.count()).select_from(Case)) or 0,
            "deliveries": states["sent"],
            "cases with a message": len(told),
            "pictures": session.scalar(select(func.count()).where(Delivery.purpose == "picture")) or 0,
            "escalation steps told": steps["told"],
        }
        assert figures["cases"] > 0
    app.database.close()
    messages = [message for channel in CHANNELS for message in slack.messages(channel, threads=True)]
    # Slack takes no key with a file: its name holds it.
    shown = Counter(
        message["files"][0]["name"] if "files" in message else message["metadata"]["event_payload"]["key"]
        for message in messages
    )
    assert shown, "something was told"
    assert [key for key, count in shown.items() if count > 1] == [], "each delivery is shown once"
    assert sum(1 for name in shown if name.endswith(".png")) == figures["pictures"], "no picture is lost"
    return figures
