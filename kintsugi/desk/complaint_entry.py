"""What a customer tells on a complaint page becomes a mention of the source `intake`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete

from config.complaints import ComplaintPage
from kintsugi.desk.staff_entry import stored_mention
from kintsugi.steps.crawling import store_items
from responder.channels.opening import INTAKE
from storage.author import Tombstone
from storage.ingest import author_digest
from storage.item import Item

if TYPE_CHECKING:
    from kintsugi.app import App

LONGEST_TEXT = 4000  # characters
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What was told, already checked."""

    text: str
    stars: int | None = None
    name: str | None = None
    contact: str | None = None  # as `contact_of` writes it


def contact_of(given: str) -> str | None:
    """A mail address or a phone number in one spelling; None: it is neither."""
    plain = unicodedata.normalize("NFKC", given).strip()
    if "@" in plain:
        local, _, domain = plain.rpartition("@")
        plain = f"{local}@{domain.lower()}"
        return plain if len(plain) <= 254 and _MAIL.fullmatch(plain) else None
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number, parse

    try:
        number = parse(plain, "JP")
    except NumberParseException:
        return None
    return format_number(number, PhoneNumberFormat.E164) if is_valid_number(number) else None


def record_complaint(app: App, page: ComplaintPage, complaint: Complaint, reference: str) -> int:
    """Stores it and returns its mention id; whether a case opens is for the criteria.

    The same `reference` again adds nothing new: what was changed meanwhile is a revision.
    """
    author = complaint.contact or reference
    with app.database.write() as session:
        # Who was erased and comes back by themselves is heard.
        session.execute(delete(Tombstone).where(Tombstone.digest == author_digest(session, INTAKE, author)))
    item = Item(
        external_id=reference,
        kind="review",
        text=complaint.text,
        rating=float(complaint.stars) if complaint.stars else None,
        rating_raw=float(complaint.stars) if complaint.stars else None,
        rating_scale=5.0 if complaint.stars else None,
        author_id=author,
        author_name=complaint.name,
        posted_at=app.clock.now(),
        location=page.location,
        product_version=page.product,
        url=f"{app.settings.web.address}/received/{reference}",
    )
    store_items(app.database, INTAKE, INTAKE, [item], app.clock.now())
    return stored_mention(app, INTAKE, reference)
