"""Who has not looked at the author's name reads no name, and no warning that is due to its absence."""

from __future__ import annotations

import re

import pytest

from kintsugi.web.queries.whole_case import hidden
from storage.case import Case
from storage.draft import latest_draft
from tests.web.pages.house import House


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [
        ("Hello Felicity, dear Felicity Gaunt", "Felicity Gaunt", "Hello ○○○, dear ○○○"),
        ("Ann, the Annex is open", "Ann Lee", "○○○, the Annex is open"),
        ("三枝様、三枝 龍様", "三枝 龍", "○○○様、○○○様"),
        ("A and B", "A", "A and B"),
    ],
)
def test_a_name_is_hidden_whole_or_in_part(text: str, name: str, shown: str) -> None:
    assert hidden(text, name) == shown


def test_the_guard_finds_nothing_wrong_with_a_name_that_is_only_hidden(house: House) -> None:
    with house.app.database.read() as session:
        cases = [
            one for one in session.query(Case) if one.author and one.state == "new" and latest_draft(session, one.id)
        ]
        case_id, text = next(
            (one.id, draft.text)
            for one in cases
            if (draft := latest_draft(session, one.id))
            and one.author
            and one.author.name
            and one.author.name in draft.text
        )
    page = house.client("viewer").get(f"/cases/{case_id}").text
    said = re.findall(r'class="said quote"[^>]*>([^<]*)', page)[0]
    assert "○○○" in said
    assert said.strip() != text.strip()
    assert "○○" not in "".join(re.findall(r"<q[^>]*>([^<]*)", page))
    assert "違う名前" not in page
