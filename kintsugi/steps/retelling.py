"""What is said again: a copy opens no case of its own, but lets the first of its story reach further."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from config.settings import Settings
from kintsugi.context import Context
from kintsugi.steps.labelling import facts_of
from storage.assessment import assessment_of
from storage.case import case_of_mention
from storage.mention import Revision, latest_revision


@dataclass(frozen=True, slots=True)
class Story:
    """What a revision asks for: mentions whose case is to be opened, cases that are to be shown anew."""

    opens: tuple[int, ...] = ()
    shows: tuple[int, ...] = ()


def reach_counts(settings: Settings) -> bool:
    """Whether copies may lift a mention over a limit: then also what does not qualify by itself is looked at."""
    return any(line.reach is not None for line in settings.recover_when)


def in_its_story(session: Session, revision: Revision, qualifies: bool, context: Context) -> Story:
    """Joins a revision to the story that it repeats. Whether it `qualifies` is said of itself alone."""
    from alerts.stories import copy_of
    from storage.story import leave_story

    own = Story(opens=(revision.mention_id,)) if qualifies else Story()
    copy = copy_of(session, revision, context.at)
    if copy is None:
        return own
    case = case_of_mention(session, copy.first_id)
    if case is not None and case.state != "closed":
        return Story(shows=(case.id,))
    if case is None and _qualifies(session, copy.first_id, context):
        return Story(opens=(copy.first_id,))
    if qualifies:  # Nobody works on the first, or ever did.
        leave_story(session, revision.mention_id)
    return own


def is_too_old(revision: Revision, context: Context) -> bool:
    """A first crawl brings years of history; what is long past is kept for the figures but opens no case."""
    said_at = revision.edited_at or revision.mention.posted_at
    if revision.number > 1:
        said_at = revision.edited_at or revision.seen_at
    return said_at is not None and context.at - said_at > context.settings.backlog


def _qualifies(session: Session, mention_id: int, context: Context) -> bool:
    """Whether a mention qualifies with all its copies."""
    from alerts.criteria import qualifying

    revision = latest_revision(session, mention_id)
    assessment = assessment_of(session, revision.id)
    if assessment is None or is_too_old(revision, context):
        return False
    return qualifying(facts_of(session, revision, assessment), context.settings.recover_when) is not None
