"""Full-text search in Japanese and English: pairs of neighbouring characters, so that 対応 and ソラ are found.

Japanese is written without blanks, and a search for one word of two characters must find it (FTS5's own trigrams
find nothing below three). Every run of letters that is not Latin becomes its pairs (お湯が → お湯 湯が); a search for a
longer word is a phrase of pairs. Latin words and numbers stay whole and are found by their beginning. The SQLite table
keeps no text (`content=''`): what is taken out must be given again, which revisions, never overwritten, can always do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnClause, Connection, Select, column, select, table, text
from sqlalchemy.orm import Session

from storage.mention import Revision

MERGED = 2000  # pages of one step
LONGEST = 200  # characters of a search that are looked at
_RUNS = re.compile(r"[a-z0-9à-öø-ÿ]+|[^\W_a-zà-öø-ÿ0-9]+", re.IGNORECASE)
_LATIN = re.compile(r"[a-z0-9à-öø-ÿ]", re.IGNORECASE)


def prepare_search(connection: Connection) -> None:
    """Makes the search table of a SQLite database where it is missing. A virtual table is no model's table."""
    if connection.dialect.name == "sqlite":
        connection.execute(
            text(
                "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5("
                "body, content='', tokenize=\"unicode61 remove_diacritics 2\")"
            )
        )
    else:
        connection.execute(text("CREATE TABLE IF NOT EXISTS search (id bigint PRIMARY KEY, body tsvector NOT NULL)"))
        connection.execute(text("CREATE INDEX IF NOT EXISTS search_body ON search USING gin (body)"))


def drop_search(connection: Connection) -> None:
    """Takes the search table away."""
    connection.execute(text("DROP TABLE IF EXISTS search"))


def search_mentions(session: Session, words: str) -> Select[int]:
    """The ids of mentions whose title or text holds all these words, in any order. No word finds nothing."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    row_id: ColumnClause[int] = column("rowid" if on_sqlite else "id")
    found = text("search MATCH :words" if on_sqlite else "body @@ CAST(:words AS tsquery)")
    asked = _match(words, _FTS5 if on_sqlite else _TSQUERY)
    return select(row_id).select_from(table("search", row_id)).where(found).params(words=asked)


def index_texts(session: Session, changes: Sequence[tuple[int, int | None, int | None]]) -> None:
    """Teaches the search: (mention, the revision it knew or None, the revision to know or None)."""
    if not changes:
        return
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    wanted = [one for _, old, new in changes for one in ((old, new) if on_sqlite else (new,)) if one is not None]
    said = {
        row.id: bigrams(f"{row.title or ''}\n{row.text}")
        for row in session.execute(select(Revision.id, Revision.title, Revision.text).where(Revision.id.in_(wanted)))
    }
    gone = [(mention, said.get(old, "")) for mention, old, _ in changes if old is not None]
    come = [(mention, said[new]) for mention, _, new in changes if new is not None]
    if on_sqlite:
        forget = "INSERT INTO search (search, rowid, body) VALUES ('delete', :id, :body)"
        learn = "INSERT INTO search (rowid, body) VALUES (:id, :body)"
    else:
        forget = "DELETE FROM search WHERE id = :id"
        learn = (
            "INSERT INTO search (id, body) VALUES (:id, CAST(:body AS tsvector))"
            " ON CONFLICT (id) DO UPDATE SET body = excluded.body"
        )
        come = [(mention, _vector(body)) for mention, body in come]
    for statement, rows in ((forget, gone), (learn, come)):
        if rows:
            session.execute(text(statement), [{"id": mention, "body": body} for mention, body in rows])


def _vector(body: str) -> str:
    """Words with their places, as PostgreSQL reads a tsvector; they hold letters and digits only."""
    return " ".join(f"'{word}':{place}" for place, word in enumerate(body.split(), start=1))


def scrub_search(session: Session) -> None:
    """After words were taken out for good: rewrites the index, so that none of them is left in its pages."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO search (search) VALUES ('optimize')"))


def merge_search(session: Session, *, begin: bool) -> bool:
    """The same in steps that others get in between: one step, and whether there is another. A first one must `begin`.

    What was taken out leaves the pages when they are merged with those that it came from.
    """
    if session.get_bind().dialect.name != "sqlite":
        return False  # autovacuum does it
    changes = text("SELECT total_changes()")
    before = session.scalar(changes) or 0
    step = {"pages": -MERGED if begin else MERGED}
    session.execute(text("INSERT INTO search (search, rank) VALUES ('merge', :pages)"), step)
    return (session.scalar(changes) or 0) - before > 1  # as SQLite says: the last step changes nothing else


def bigrams(words: str) -> str:
    """A text as the search knows it: Latin words as they are, everything else in overlapping pairs."""
    return " ".join(" ".join(_indexed(run)) for run in _runs(words))


def _runs(words: str) -> Iterator[str]:
    return iter(_RUNS.findall(unicodedata.normalize("NFKC", words).casefold()))


def _indexed(run: str) -> list[str]:
    """Its pairs and its last character, which begins none: 湯 is found in お湯 as well."""
    pairs = _pairs(run)
    return pairs if pairs == [run] and (len(run) == 1 or _LATIN.match(run)) else [*pairs, run[-1]]


def _pairs(run: str) -> list[str]:
    if _LATIN.match(run) or len(run) == 1:
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]


@dataclass(frozen=True)
class _Language:
    """How a search is said to a database."""

    phrase: str  # between the words of a phrase
    word: str
    whole: str
    beginning: str
    both: str
    nothing: str


_FTS5 = _Language(" ", "{}", '"{}"', '"{}" *', " AND ", '""')
_TSQUERY = _Language(" <-> ", "'{}'", "({})", "({}:*)", " & ", "")


def _match(words: str, language: _Language) -> str:
    """The expression for the database: only runs of letters reach it, each quoted, so that nothing is syntax."""
    parts = []
    for run in _runs(words[:LONGEST]):
        phrase = language.phrase.join(language.word.format(pair) for pair in _pairs(run))
        # A Latin word or a single character is found by its beginning.
        by_beginning = _LATIN.match(run) or len(run) == 1
        parts.append((language.beginning if by_beginning else language.whole).format(phrase))
    return language.both.join(parts) or language.nothing
