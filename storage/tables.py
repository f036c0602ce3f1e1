"""Every table in one import, for whoever needs the whole metadata: migrations, copies, checks."""

from storage.absence import Absence
from storage.account import Account, Audit, Invitation, SavedView, WebSession
from storage.alert import Alert, Message
from storage.api_token import ApiToken
from storage.assessment import Assessment
from storage.author import Author, Tombstone
from storage.case import Case, CaseClock, Waiting
from storage.correction import Correction
from storage.delivery import Delivery
from storage.draft import Draft, Reply
from storage.due import Due
from storage.escalation import EscalationStep
from storage.event import Event
from storage.follow_up import FollowUp
from storage.form_answer import FormAnswer
from storage.group import AlertGroup, GroupMember, Verdict
from storage.idempotency import Idempotency
from storage.intake import Intake
from storage.link import AuthorLink
from storage.listing import Listing
from storage.mention import Mention, Revision
from storage.note import Note
from storage.offer import Offer
from storage.outcome import Outcome
from storage.outlook import OutlookRow
from storage.schema import Row
from storage.series import Series
from storage.silence import Silence
from storage.source import Crawl, Refusal, Source
from storage.spike import Spike
from storage.story import StoryBand, StoryCopy
from storage.tally import Tally
from storage.task import Task
from storage.webhook_out import WebhookOut
from storage.work import Work

__all__ = [
    "Absence",
    "Account",
    "Alert",
    "AlertGroup",
    "ApiToken",
    "Assessment",
    "Audit",
    "Author",
    "AuthorLink",
    "Case",
    "CaseClock",
    "Correction",
    "Crawl",
    "Delivery",
    "Draft",
    "Due",
    "EscalationStep",
    "Event",
    "FollowUp",
    "FormAnswer",
    "GroupMember",
    "Idempotency",
    "Intake",
    "Invitation",
    "Listing",
    "Mention",
    "Message",
    "Note",
    "Offer",
    "Outcome",
    "OutlookRow",
    "Refusal",
    "Reply",
    "Revision",
    "Row",
    "SavedView",
    "Series",
    "Silence",
    "Source",
    "Spike",
    "StoryBand",
    "StoryCopy",
    "Tally",
    "Task",
    "Tombstone",
    "Verdict",
    "Waiting",
    "WebSession",
    "WebhookOut",
    "Work",
]
