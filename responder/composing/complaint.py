"""What went wrong, as a clause that an apology can take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """One failure. `clause` is 「…こと」 in Japanese and "that …" or a noun phrase in English, ready to be apologised for.

    named: what it is about, where no frame knows it; plain: only the name of the thing is said.
    quoted: the clause is the customer's sentence in quotation marks, of which nothing but the words is known.
    certain: taken from the customer's own words (otherwise it only names the topic). start: where it stands in the text.
    framed: plain by its words (known.en.yaml), whatever was marked.
    Japanese only: felt: `clause` is the customer's own clause in the plain form, and what it was for them (trouble, hope,
    comfort, unease or wish); mild: an opinion rather than a failure; turned: said after praise, as a remark;
    weight: 2 for what failed, 1 for what was bad.
    """

    clause: str
    topic: str
    start: int
    certain: bool = True
    quoted: bool = False
    named: str = ""
    plain: bool = False
    felt: str = ""
    mild: bool = False
    turned: bool = False
    weight: int = 2
    framed: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a mention. found: what an apology would take up, never empty; failed: what of it is certain.

    wished: the wishes among it; wishes: whether it wishes for something, told or not; praised: whether it praises
    something.
    """

    found: tuple[Complaint, ...]
    failed: tuple[Complaint, ...] = ()
    wished: tuple[Complaint, ...] = ()
    wishes: bool = False
    praised: bool = False
