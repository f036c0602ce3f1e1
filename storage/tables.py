"""Every table in one import, for whoever needs the whole metadata: migrations, copies, checks."""

from storage.alert import Alert, Message
from storage.assessment import Assessment
from storage.author import Author, Tombstone
from storage.case import Case, CaseClock, Waiting
from storage.delivery import Delivery
from storage.draft import Draft, Reply
from storage.event import Event
from storage.mention import Mention, Revision
from storage.outcome import Outcome
from storage.schema import Row
from storage.source import Crawl, Refusal, Source
from storage.work import Work

__all__ = [
    "Alert",
    "Assessment",
    "Author",
    "Case",
    "CaseClock",
    "Crawl",
    "Delivery",
    "Draft",
    "Event",
    "Mention",
    "Message",
    "Outcome",
    "Refusal",
    "Reply",
    "Revision",
    "Row",
    "Source",
    "Tombstone",
    "Waiting",
    "Work",
]
