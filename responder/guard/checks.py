"""The rules of the guard that compare: with the brand, the mention, the site and earlier replies."""

from __future__ import annotations

from collections.abc import Iterator

from responder.guard.contacts import foreign_contacts
from responder.guard.finding import Context, Finding
from responder.guard.mention import against_mention
from responder.guard.names import wrong_names
from responder.guard.personal import personal_data
from responder.guard.register import copies, too_long, wrong_language, wrong_register


def checks(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    """All comparing rules over one text."""
    yield from wrong_language(text, context.language, tongue)
    yield from personal_data(text, context, tongue)
    yield from foreign_contacts(text, context, tongue)
    yield from wrong_names(text, context, tongue)
    if tongue == "ja":
        yield from wrong_register(text)
    yield from too_long(text, context, tongue)
    yield from copies(text, context, tongue)
    if context.mention is not None:
        yield from against_mention(text, context, context.mention, tongue)
