"""A case that a colleague opens from what they heard: a mention of the source `slack`, whatever the criteria say."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from kintsugi.app import App
from kintsugi.pipeline import assess
from kintsugi.steps.crawling import store_items
from kintsugi.steps.drafting import draft_for
from kintsugi.steps.labelling import facts_of, labels_of
from kintsugi.steps.ownership import give_to_team
from responder.cases.opening import open_case
from storage.assessment import assessment_of
from storage.case import case_of_mention
from storage.item import Item
from storage.mention import Mention, latest_revision
from storage.source import Source
from storage.work import add_work

SOURCE = "slack"


def report_by_hand(app: App, text: str, url: str | None, actor: str) -> int:
    """The id of the case; the same message again gives the same case."""
    context = app.context()
    name = hashlib.sha256((url or text).encode()).hexdigest()[:32]
    item = Item(external_id=name, kind="post", text=text, url=url, posted_at=context.at, why=f"reported by {actor}")
    store_items(app.database, SOURCE, "file", [item], context.at, assess=False)
    with app.database.write() as session:
        mention = session.scalars(
            select(Mention).join(Source).where(Source.key == SOURCE, Mention.external_id == name)
        ).one()
        known = case_of_mention(session, mention.id)
        if known is not None:
            return known.id
        revision = latest_revision(session, mention.id)
        assess(session, [revision.id], context)
        session.flush()
        assessment = assessment_of(session, revision.id)
        assert assessment is not None
        case = open_case(
            session,
            mention.id,
            severity=assessment.severity,
            criteria=f"reported by {actor}",
            labels=labels_of(facts_of(session, revision, assessment), mention, app.settings),
            settings=app.settings,
            at=context.at,
        )
        give_to_team(session, case, context, assessment.language)
        draft_for(session, case, context)
        add_work(session, "route", [case.id], context.at)
        return case.id
