"""The page about legal steps: calm when there is nothing, everything that matters when there is something."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from services.negotiation.application.take_legal_steps import set_hearing
from services.negotiation.entrypoints.formatting import day_text
from tests.integration.negotiation.office import Office
from tests.integration.negotiation.paper_browser import visiting
from tests.integration.negotiation.test_agreement import hold
from tests.integration.negotiation.test_legal import Track, track

__all__ = ["track"]  # the fixture

PAGE = "/portal/law"


async def test_that_nothing_is_going_on_is_said_in_both_languages(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        assert f'href="{PAGE}"' in browser.page.text, "in the menu"
        assert (await browser.open(PAGE)).status_code == 200
        assert "Nothing is going on in law" in browser.text
        await browser.open(f"{PAGE}?lang=zh")
        assert "没有任何法律程序" in browser.text


async def test_a_letter_before_a_claim_is_shown_with_what_can_be_done_and_who_looked(track: Track) -> None:
    office = track.office
    case_id, legal_id = await track.open()
    async with visiting(office, case_id) as browser:
        await browser.open(PAGE)
        assert "A lawyer is looking at your case" in browser.text
        assert "No lawyer has decided about a step yet" in browser.text
    await track.send(legal_id)
    last_day = office.now.date() + timedelta(days=35)
    async with visiting(office, case_id) as browser:
        await browser.open(PAGE)
        for said in (
            "You have been sent a letter before a claim",
            f"You can answer up to and including {day_text(last_day, 'en')}",
            "Use the reply form",
            "your local legal aid office",
            "the letter before a claim, found it right",
        ):
            assert said in browser.text, said
        await browser.open(f"{PAGE}?lang=zh")
        for said in ("您会收到一封起诉前的信函", "起诉前的信函：同意"):
            assert said in browser.text, said


async def test_a_hearing_and_a_halt_are_shown(track: Track) -> None:
    case_id, legal_id = await track.ready()
    await track.sue(legal_id)
    on = track.office.now.date() + timedelta(days=90)
    await set_hearing(track.resources, "clerk.may", legal_id, on, "by_video")
    await track.office.hear(hold(case_id, uuid4(), "dispute", track.office))
    async with visiting(track.office, case_id) as browser:
        await browser.open(PAGE)
        for said in ("There is a hearing", f"{day_text(on, 'en')}, by video", "This stands still now"):
            assert said in browser.text, said


async def test_a_time_barred_debt_is_said_to_be_one_and_nothing_presses(track: Track) -> None:
    case_id, legal_id = await track.open()
    await track.send(legal_id)
    track.office.advance(days=3 * 365)
    async with visiting(track.office, case_id) as browser:
        await browser.open(PAGE)
        assert "The time to claim this debt in court is over" in browser.text
        assert "You can answer up to" not in browser.text


async def test_another_borrower_sees_nothing_of_it(track: Track) -> None:
    await track.open()
    async with visiting(track.office, await track.office.take_on()) as browser:
        await browser.open(PAGE)
        assert "Nothing is going on in law" in browser.text
