from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from config.amount import Amount
from config.settings import settings_from
from responder.answering.offers import decide, delegate, expire, offer, redeem, withdraw_offer
from responder.cases.refused import Refused
from responder.cases.transitions import move
from storage.case import Case, waiting_for
from storage.event import events_of
from storage.offer import Offer, offers_of
from tests.responder.story import PEOPLE, Story


def yen(amount: int, currency: str = "JPY") -> Amount:
    return Amount(amount=Decimal(amount), currency=currency)


def offered(story: Story, case: Case, amount: int, actor: str = "sato") -> Offer:
    made = offer(story.session, case, "朝食券", yen(amount), actor=actor, at=story.at, settings=story.settings)
    assert isinstance(made, Offer), made
    return made


def decided(story: Story, made: Offer, actor: str, *, approve: bool = True) -> Offer | Refused:
    return decide(story.session, made, approve=approve, actor=actor, at=story.at, settings=story.settings)


def reason(result: object) -> str:
    assert isinstance(result, Refused), result
    return result.reason


def with_(story: Story, **written: Any) -> None:
    story.settings = settings_from(PEOPLE | written)


def test_within_the_authority_an_offer_stands_at_once(story: Story) -> None:
    case = story.case()
    made = offered(story, case, 5000)
    assert (made.state, made.decided_by, made.team) == ("standing", "sato", "front-desk")
    event = events_of(story.session, case.id)[-1]
    assert (event.kind, event.data["amount"], event.data["currency"]) == ("offered", "5000", "JPY")


def test_slices_count_as_the_whole(story: Story) -> None:
    case = story.case()
    assert offered(story, case, 3000).state == "standing"
    assert offered(story, case, 2000, "ito").state == "standing"
    third = offered(story, case, 1, "ito")
    assert (third.state, third.why_asked) == ("asked", "authority")
    assert offered(story, story.case("r2", author_id="u2"), 5000).state == "standing"


def test_above_it_somebody_else_with_enough_authority_approves(story: Story) -> None:
    case = story.case()
    made = offered(story, case, 30_000)
    waiting = waiting_for(story.session, case.id)
    assert waiting is not None
    assert (made.state, waiting.what) == ("asked", "approval")
    assert reason(decided(story, made, "sato")) == "self_approval"
    assert reason(decided(story, made, "ito")) == "no_approver"
    assert reason(decided(story, made, "stranger")) == "no_approver"
    assert decided(story, made, "kim") is made
    assert (made.state, made.decided_by, made.decided_for) == ("standing", "kim", None)
    assert waiting_for(story.session, case.id) is None
    assert reason(decided(story, made, "abe")) == "wrong_state"


def test_a_lead_asks_another_lead_and_nobody_goes_above_every_authority(story: Story) -> None:
    case = story.case()
    made = offered(story, case, 60_000, "kim")
    assert made.state == "asked"
    assert reason(decided(story, made, "kim")) == "self_approval"
    assert reason(decided(story, made, "abe")) == "authority"
    assert decided(story, made, "abe", approve=False) is made
    assert made.state == "refused"


def test_a_refused_or_withdrawn_offer_costs_nothing_any_more(story: Story) -> None:
    case = story.case()
    first = offered(story, case, 5000)
    withdraw_offer(story.session, first, actor="sato", at=story.at)
    assert offered(story, case, 5000).state == "standing"
    assert reason(withdraw_offer(story.session, first, actor="sato", at=story.at)) == "wrong_state"


def test_a_question_expires_and_so_does_an_offer(story: Story) -> None:
    case = story.case()
    asked, standing = offered(story, case, 30_000), offered(story, story.case("r2", author_id="u2"), 100)
    assert expire(story.session, story.later(days=1)) == []
    story.later(days=1)
    assert reason(decided(story, asked, "kim")) == "expired"
    assert asked.state == "expired"
    assert waiting_for(story.session, case.id) is None
    assert expire(story.session, story.later(days=90)) == [standing.case_id]
    assert reason(redeem(story.session, standing, actor="sato", at=story.at)) == "expired"


def test_a_delegate_decides_in_the_absence_but_never_for_themselves(story: Story) -> None:
    case = story.case()
    made = offered(story, case, 30_000)
    until = story.at + timedelta(days=3)
    told = {"since": story.at, "until": until, "settings": story.settings}
    assert reason(delegate(story.session, "kim", "ito", actor="ito", **told)) == "not_yours"
    assert reason(delegate(story.session, "kim", "nobody", actor="kim", **told)) == "unknown_person"
    assert reason(delegate(story.session, "kim", "kim", actor="kim", **told)) == "senseless"
    delegate(story.session, "kim", "ito", actor="kim", **told)
    delegate(story.session, "kim", "sato", actor="abe", **told)
    assert reason(decided(story, made, "sato")) == "self_approval"
    assert decided(story, made, "ito") is made
    assert (made.decided_by, made.decided_for) == ("ito", "kim")
    by_kim = offered(story, story.case("r2", author_id="u2"), 60_000, "kim")
    assert reason(decided(story, by_kim, "ito")) == "no_approver"  # kim's authority cannot approve kim
    story.at = until
    late = offered(story, story.case("r3", author_id="u3"), 30_000)
    assert reason(decided(story, late, "ito")) == "no_approver"


def test_a_person_has_a_limit_a_month_and_a_new_month_begins_in_the_brands_zone(story: Story) -> None:
    with_(story, roles={"agent": {"per_month": {"amount": 6000, "currency": "JPY"}}})
    assert offered(story, story.case("r1", author_id="a"), 5000).state == "standing"
    second = offered(story, story.case("r2", author_id="b"), 2000)
    assert (second.state, second.why_asked) == ("asked", "per_month")
    assert offered(story, story.case("r3", author_id="c"), 2000, "ito").state == "standing"
    story.at = story.at.replace(month=3, day=31, hour=15, minute=0)  # 1 April in Tokyo
    assert offered(story, story.case("r4", author_id="d"), 2000).state == "standing"


def test_the_budget_of_a_team_is_for_nobody_to_exceed(story: Story) -> None:
    with_(story, teams={"front-desk": {"budget": {"amount": 8000, "currency": "JPY"}}, "quality": {}})
    first = offered(story, story.case("r1", author_id="a"), 5000)
    second = story.case("r2", author_id="b")
    told = {"at": story.at, "settings": story.settings}
    assert reason(offer(story.session, second, "券", yen(4000), actor="ito", **told)) == "budget"
    redeem(story.session, first, actor="sato", at=story.at, amount=Decimal(4000))  # the rest is free again
    assert offered(story, second, 4000, "ito").state == "standing"


def test_no_case_costs_more_than_the_house_allows(story: Story) -> None:
    with_(story, offers={"per_case": {"amount": 10_000, "currency": "JPY"}})
    told = {"at": story.at, "settings": story.settings}
    result = offer(story.session, story.case(), "返金", yen(10_001), actor="kim", **told)
    assert reason(result) == "case_limit"


def test_currencies_without_a_rate_strangers_and_nonsense_are_refused(story: Story) -> None:
    case = story.case()
    told = {"at": story.at, "settings": story.settings}
    assert reason(offer(story.session, case, "refund", yen(10, "USD"), actor="kim", **told)) == "no_rate"
    assert reason(offer(story.session, case, "refund", yen(10), actor="system", **told)) == "unknown_person"
    assert reason(offer(story.session, case, " ", yen(10), actor="kim", **told)) == "needs_remedy"
    assert reason(offer(story.session, case, "a\nb", yen(10), actor="kim", **told)) == "needs_remedy"
    with pytest.raises(ValidationError):
        yen(-1)
    move(story.session, case, "dismiss", actor="sato", at=story.at, reason="spam")
    assert reason(offer(story.session, case, "refund", yen(10), actor="kim", **told)) == "closed"
    assert offers_of(story.session, case.id) == []


def test_the_customer_takes_what_was_approved_and_no_more(story: Story) -> None:
    case = story.case()
    made, asked = offered(story, case, 5000), offered(story, case, 500)
    told = {"actor": "sato", "at": story.at}
    assert reason(redeem(story.session, asked, **told)) == "wrong_state"
    for amount in ("5001", "-1", "NaN"):
        assert reason(redeem(story.session, made, amount=Decimal(amount), **told)) == "above_offer"
    redeem(story.session, made, amount=Decimal("4999.5"), **told)
    assert (made.state, made.cost) == ("redeemed", Decimal("4999.5"))
    assert reason(redeem(story.session, made, **told)) == "wrong_state"
    story.session.expire(made)
    assert made.redeemed_amount == Decimal("4999.5")
