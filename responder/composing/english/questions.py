"""Which English question is one: a fact answers it."""

from __future__ import annotations

from responder.composing.english.clauses import SENTENCE, plain
from responder.composing.english.heard import heard, listed


def begins_with_question(text: str) -> bool:
    """Whether a sentence is a question that a fact answers, with its mark or without: by its verb before its subject."""
    said = plain(text).strip()
    if '"' in said or heard("rhetorical", said):
        return False
    later = (one[0].strip() for one in SENTENCE.finditer(said))
    return listed("facts").match(said) is not None or any(listed("later").match(one) for one in later)


def asks_for_facts(question: str, sentiment: str) -> bool:
    """Whether a question can be answered: "when do you open" rather than "really?" or a word thrown back at us."""
    if '"' in question or "“" in question or heard("rhetorical", question):
        return False
    if sentiment == "neutral" or heard("practical" if sentiment == "negative" else "facts", question):
        return True
    return sentiment == "positive" and heard("own", question)
