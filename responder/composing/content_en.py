"""What somebody who is content wants of us: thanks, and to be heard where one thing was not right."""

from __future__ import annotations

from dataclasses import replace

from responder.composing.clauses_en import words
from responder.composing.complaint import Complaint
from responder.composing.complaints_en import weak
from responder.composing.heard_en import heard
from responder.composing.reading_en import Reading

A_SHRUG = 7  # words; whoever writes more has told us what it was, and is not asked again

Kind = tuple[str, tuple[Complaint, ...]]


def of_content(read: Reading, *, asked: bool) -> Kind:
    """Praise, or praise with one thing that was not right and was not put right at once."""
    if read.reviewed:
        return _review(read, asked=asked)
    mocked = read.praised.quote is not None  # "Great job!" beside what went wrong
    if read.plainly and (mocked or not read.praised) and heard("troubled", read.text):
        return "complaint", read.plainly
    if asked:
        return "question", ()
    if not read.praised and read.request.severity in ("major", "critical"):
        return "complaint", read.found
    if not read.praised:
        glad = words("good").search(read.text) and not any(words(one).search(read.text) for one in ("fault", "wish"))
        return "praise" if glad else "none", ()
    return _with_reserve(read)


def _review(read: Reading, *, asked: bool) -> Kind:
    rating, praised = read.rating, read.praised
    if rating is None and asked:
        return "question", ()
    if "text_contradicts_stars" in read.request.reasons and not praised:
        return "complaint", read.found
    if rating is None and not praised and read.blames and not read.thanks_surely:
        return "complaint", read.plainly or read.found
    if rating == 3 and (read.plainly or read.blames):
        return "mixed", read.plainly or (read.found[0] if read.found[0].certain else read.not_quite,)
    return _with_reserve(read)


def _with_reserve(read: Reading) -> Kind:
    if heard("suggests", read.text):
        return "remark", ()
    failed = tuple(
        one for one in (read.kept if read.rating == 4 else read.plainly) if one.clause not in weak() and not one.named
    )
    turned = heard("but", read.text) or read.rating == 4
    if failed and turned and read.rating != 5 and not heard("resolved", read.text):
        return "mixed", failed
    kept_back = read.reserved or (read.rating == 4 and any(not one.named for one in read.kept))
    if not kept_back:
        return "praise", ()
    first = read.found[0]
    return "mixed", (
        first if first.plain and first.clause.startswith("about ") else replace(first, certain=False, plain=False),
    )
