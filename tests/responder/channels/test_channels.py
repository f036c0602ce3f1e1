"""Every channel against a local site that refuses what the real one refuses."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.settings import SmtpSettings
from responder.channels.channel import (
    Asked,
    Deleted,
    Edited,
    Live,
    Permanent,
    Published,
    Result,
    Temporary,
    Unclear,
    put_live,
    take_down,
)
from responder.channels.email import Email
from responder.channels.opening import CHANNEL_OF, NEVER_TWICE
from responder.drafting.lengths import limit_of, measure
from tests.responder.channels.conftest import SITES, Place
from tests.responder.channels.mail_site import Mail
from tests.responder.channels.server import outgoing
from tests.responder.channels.social_sites import Bluesky, Facebook, Instagram, Reddit, X
from tests.stranger import stranger

TEXT = "このたびは大変お待たせし、\n申し訳ございませんでした。R&D部 https://sakura.example/care"
OTHER = "改めまして、受付の人数を二名に増やしました。"


def reason(result: Result) -> str:
    assert isinstance(result, Permanent), result
    return result.reason


def test_a_reply_is_live_once_and_can_be_found_again(place: Place) -> None:
    name, channel = place.site.add(1), place.channel()
    assert isinstance(channel, Asked)
    assert channel.look(outgoing(name, TEXT)) is None
    published = put_live(channel, outgoing(name, TEXT))
    assert isinstance(published, Published), published
    [shown] = place.site.live(name)
    assert shown.split() == TEXT.split()
    found = channel.look(outgoing(name, TEXT))
    assert isinstance(found, Live)
    assert found.address["id"] == published.address["id"]
    assert put_live(place.channel(), outgoing(name, TEXT)) == Published(found.address, found.url)
    assert len(place.site.live(name)) == 1


def test_a_second_reply_takes_the_place_of_the_first_or_is_refused(place: Place) -> None:
    name, channel = place.site.add(1), place.channel()
    first = put_live(channel, outgoing(name, TEXT))
    assert isinstance(first, Published)
    second = put_live(channel, outgoing(name, OTHER, 2, address=first.address))
    assert isinstance(channel, Edited) == (place.site.edits and not place.site.replaces)
    assert channel.replaces == place.site.replaces
    kept = CHANNEL_OF[place.site.kind] in NEVER_TWICE
    assert kept != (channel.replaces or isinstance(channel, Edited))
    if kept:
        assert reason(second) == "answered"
    else:
        assert isinstance(second, Published), second
    shown = [text.split() for text in place.site.live(name)]
    assert shown == [(TEXT if kept else OTHER).split()]


def test_a_wrong_token_publishes_nothing_and_is_not_named(place: Place) -> None:
    name = place.site.add(1)
    variable = list(place.site.secrets)[-1]
    wrong = {variable: "wrong-token"} if "KEY" not in variable or place.site.kind == "x" else {}
    place.site.revoked = not wrong
    result = put_live(place.channel(**wrong), outgoing(name, TEXT))
    assert reason(result) == "revoked"
    for secret in (*place.site.secrets.values(), "wrong-token"):
        assert secret not in str(result)
    assert place.site.replies[name] == {}


def test_a_token_that_was_revoked_later_is_noticed(place: Place) -> None:
    name, channel = place.site.add(1), place.channel()
    assert isinstance(put_live(channel, outgoing(name, TEXT)), Published)
    place.site.revoked = True
    assert reason(put_live(channel, outgoing(place.site.add(2), TEXT))) == "revoked"


def test_an_access_token_that_ended_early_is_fetched_again(place: Place) -> None:
    channel = place.channel()
    put_live(channel, outgoing(place.site.add(1), TEXT))
    place.site.issued.clear()
    second = place.site.add(2)
    assert isinstance(put_live(channel, outgoing(second, TEXT, 2)), Published)
    assert len(place.site.live(second)) == 1


def test_a_mention_that_is_deleted_or_never_was_is_gone(place: Place) -> None:
    name, channel = place.site.add(1), place.channel()
    place.site.gone(name)
    assert reason(put_live(channel, outgoing(name, TEXT))) == "gone"
    assert reason(put_live(channel, outgoing(place.site.name(404), TEXT))) == "gone"


def test_a_reply_as_long_as_the_site_allows_is_taken_and_a_longer_one_refused(place: Place) -> None:
    limit = limit_of(place.site.kind)
    step = 3 if limit.unit == "bytes" else 2 if limit.unit == "weighted" else 1
    longest = "お" * (limit.maximum // step)
    assert measure(longest, limit.unit) <= limit.maximum
    taken = put_live(place.channel(), outgoing(place.site.add(1), longest))
    assert isinstance(taken, Published), taken
    if place.site.kind == "trustpilot":  # says nothing of a limit: ours is what a reader bears
        return
    name = place.site.add(2)
    assert reason(put_live(place.channel(), outgoing(name, longest + "お" * 40, 2))) == "refused"
    assert place.site.live(name) == []


@pytest.mark.parametrize("trouble", ["lost", "dropped"])
def test_after_no_answer_the_site_is_asked_and_shows_the_reply_once(place: Place, trouble: str) -> None:
    name, channel = place.site.add(1), place.channel()
    troubles = iter([trouble])
    place.site.trouble = lambda: next(troubles, "fine")
    assert isinstance(put_live(channel, outgoing(name, TEXT)), Unclear)
    assert len(place.site.live(name)) == (trouble == "dropped")
    assert isinstance(put_live(channel, outgoing(name, TEXT)), Published)
    assert len(place.site.live(name)) == 1


def test_a_site_that_is_busy_says_how_long_to_wait(place: Place) -> None:
    place.site.trouble = lambda: "busy"
    result = put_live(place.channel(), outgoing(place.site.add(1), TEXT))
    assert isinstance(result, Temporary)
    assert result.retry_after == timedelta(seconds=7)


def test_a_site_that_cannot_be_reached_got_nothing(place: Place) -> None:
    name, channel = place.site.add(1), place.channel()
    place.site.close()
    assert isinstance(put_live(channel, outgoing(name, TEXT)), Temporary)


def test_a_reply_is_taken_down_where_the_site_can_do_that(place: Place) -> None:
    name, channel = place.site.add(1), place.channel()
    published = put_live(channel, outgoing(name, TEXT))
    assert isinstance(published, Published)
    assert isinstance(channel, Deleted) == place.site.deletes
    taken = take_down(channel, outgoing(name, TEXT, address=published.address))
    if place.site.deletes:
        assert isinstance(taken, Published), taken
        assert place.site.live(name) == []
        assert isinstance(take_down(channel, outgoing(name, TEXT, address=published.address)), Published)
    else:
        assert reason(taken) == "refused"
        assert len(place.site.live(name)) == 1


def test_what_bluesky_just_took_is_found_before_the_thread_shows_it() -> None:
    site: Any = Bluesky()
    site.late = True
    name, channel = site.add(1), Place(site).channel()
    first = put_live(channel, outgoing(name, TEXT))
    assert put_live(channel, outgoing(name, TEXT)) == first
    assert len(site.live(name)) == 1
    made = next(one.json for one in site.requests if one.path.endswith("createRecord"))
    index = made["record"]["facets"][0]["index"]
    assert TEXT.encode()[index["byteStart"] : index["byteEnd"]] == b"https://sakura.example/care"
    site.close()


def test_a_second_try_below_a_busy_facebook_post_finds_the_first() -> None:
    site = Facebook()
    site.others = 300
    try:
        name, channel = site.add(1), Place(site).channel()
        first = put_live(channel, outgoing(name, TEXT))
        assert isinstance(first, Published)
        second = put_live(channel, outgoing(name, TEXT))
        assert isinstance(second, Published)
        assert second.address == first.address
        assert len(site.live(name)) == 1
    finally:
        site.close()


def test_instagram_answers_media_whose_caption_names_us_as_a_mention() -> None:
    site: Any = Instagram()
    site.tagged = True
    name, channel = site.add(1), Place(site).channel()
    assert isinstance(put_live(channel, outgoing(name, TEXT)), Published)
    assert isinstance(put_live(channel, outgoing(name, TEXT)), Published)
    assert len(site.live(name)) == 1
    assert site.requests[-1].path.endswith("/17")
    site.close()


@pytest.mark.parametrize("tagged", [True, False])
def test_a_second_try_below_a_busy_instagram_comment_finds_the_first(tagged: bool) -> None:
    site: Any = Instagram()
    site.tagged, site.others = tagged, 130
    try:
        name, channel = site.add(1), Place(site).channel()
        first, second = (put_live(channel, outgoing(name, TEXT)) for _ in range(2))
        assert isinstance(first, Published)
        assert isinstance(second, Published)
        assert second.address == first.address
        assert len(site.live(name)) == 1
    finally:
        site.close()


def answer(mail: Place, name: str, text: str = TEXT) -> Result:
    return put_live(
        mail.channel(), outgoing(name, text, author=mail.site.author(name), title="遅い\r\nBcc: x@y.example")
    )


def test_a_complaint_is_answered_in_its_thread(mail: Place) -> None:
    name = mail.site.add(1)
    published = answer(mail, name)
    assert isinstance(published, Published), published
    [(identity, answered, text)] = mail.site.mails
    assert (identity, answered, text.split()) == (published.address["id"], name, TEXT.split())


def test_a_mail_that_may_have_left_is_unclear_and_what_did_not_leave_is_not(mail: Place) -> None:
    name = mail.site.add(1)
    mail.site.trouble = lambda: "dropped"
    assert isinstance(answer(mail, name), Unclear)
    assert len(mail.site.live(name)) == 1
    mail.site.trouble = lambda: "busy"
    assert isinstance(answer(mail, name), Temporary)
    mail.site.trouble = lambda: "fine"
    assert reason(answer(mail, "nobody@mail.example")) == "refused"
    mail.site.revoked = True
    assert reason(answer(mail, name)) == "revoked"
    assert len(mail.site.live(name)) == 1
    nobody = put_live(mail.channel(), outgoing(name, TEXT, author=None))
    assert reason(nobody) == "refused"


def test_no_password_goes_to_a_mail_server_that_nobody_vouches_for(tmp_path: Path) -> None:
    with stranger(tmp_path) as port:
        smtp = SmtpSettings(host="localhost", port=port, security="tls", username="care")
        result = put_live(Email(smtp, "secret", "care@sakura.example"), outgoing("m", TEXT, author="box@mail.example"))
    assert isinstance(result, Temporary)
    assert "SSLCertVerificationError" in result.error


def test_the_table_of_the_documentation_says_what_each_channel_can_do() -> None:
    page = (Path(__file__).parents[3] / "docs" / "sources.md").read_text("utf-8").partition("## Replies")[2]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| `")
    ]
    told = {row[0].split("`")[1]: (row[3], row[4] != "no") for row in rows}
    for site in (*SITES, Mail):
        second = "replaces" if site.replaces else "changes the first" if site.edits else "refused"
        assert told.pop(site.kind) == (second, site.deletes), site.kind
        longest = next(row[2] for row in rows if f"`{site.kind}`" in row[0])
        assert longest.startswith(f"{limit_of(site.kind).maximum:,} "), site.kind
    assert told == {}


@pytest.mark.parametrize("kind", [Reddit, X])
def test_a_reply_is_found_behind_a_hundred_newer_ones_of_the_account(kind: Any) -> None:
    site = kind()
    name, channel = site.add(1), Place(site).channel()
    first = put_live(channel, outgoing(name, TEXT))
    for number in range(2, 130):
        site.add_reply(site.add(number), f"お詫び申し上げます。{number}")
    assert put_live(channel, outgoing(name, TEXT)) == first
    assert len(site.live(name)) == 1
    site.close()
