"""The pages about our own conduct: nothing hidden, nothing lost, in both languages, calm when outreach is away."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from uuid import uuid4

import pytest

from services.negotiation.application.record_ports import InboxMessage
from services.negotiation.entrypoints.portal.guidance import KINDS, directory
from services.negotiation.entrypoints.portal.texts import guidance, record
from tests.integration.negotiation.known_record import AT
from tests.integration.negotiation.office import STAFF, Office
from tests.integration.negotiation.paper_browser import visiting

PAGES = [f"/portal/{name}" for name in ("record", "messages", "concerns", "wishes", "representatives", "help")]
KEY = "A" * 43


async def test_blocked_contacts_are_shown_with_their_reasons_and_who_looked(office: Office) -> None:
    case_id = await office.take_on()
    headers = {**STAFF, "X-Staff-Id": "agent.lin"}
    assert (await office.api.get(f"/v1/cases/{case_id}/ledger", headers=headers)).status_code == 200
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/record")
        for said in ("outside the permitted hours", "12 CFR 1006.6(b)(1)", "blocked", "our staff: agent.lin", "you"):
            assert said in browser.text, said
        await browser.open("/portal/record?lang=zh")
        for said in ("不在允许的时段", "已阻止", "员工：agent.lin"):
            assert said in browser.text, said


async def test_everything_can_be_taken_along(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        proof = await browser.open("/portal/record/proof.zip")
        assert (proof.content, proof.headers["Content-Type"]) == (b"PK proof", "application/zip")
        assert "attachment" in proof.headers["Content-Disposition"]
        whole = json.loads((await browser.open("/portal/record/record.json")).content)
    assert whole["case"]["balance"]["total"] == sum(
        amount for entry in whole["ledger"] for name, amount in entry["postings"].items() if name != "placed"
    )
    assert [contact["kind"] for contact in whole["contacts"]] == ["attempt", "denial"]
    assert whole["looks"]


async def test_only_the_newest_contacts_are_on_the_page_and_the_others_are_counted(office: Office) -> None:
    case_id = await office.take_on()
    office.record_of.history = [replace(office.record_of.history[0], decision_id=uuid4()) for _ in range(103)]
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/record")
        assert "3 older entries" in browser.text


@pytest.mark.parametrize("page", PAGES[:5])
async def test_a_page_is_calm_while_outreach_is_away(office: Office, page: str) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        office.record_of.is_away = True
        answer = await browser.open(page)
        assert answer.status_code == 503
        assert "Please try again soon" in browser.text


async def test_a_dispute_in_ones_own_words_goes_through_once(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/concerns")
        form = browser.hidden("/portal/concerns/dispute")
        fields = {"ground": "already_paid", "dispute_words": "I paid in May."}
        await browser.send("/portal/concerns/dispute", **fields)
        assert "Thank you. We have it" in browser.text
        await browser.client.post("/portal/concerns/dispute", data={**form, **fields})
    assert [concern.topic for concern in office.record_of.opened.values()] == ["already_paid"]
    assert list(office.record_of.words.values()) == ["I paid in May."]


async def test_what_is_missing_from_a_complaint_is_said_beside_its_field(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/concerns")
        page = await browser.send("/portal/concerns/complaint", complaint_words="You were rude")
        assert page.status_code == 422
        assert 'href="#category"' in page.text
        assert "You were rude" in browser.text
    assert office.record_of.opened == {}


async def test_a_message_is_shown_and_reading_it_is_told(office: Office) -> None:
    case_id = await office.take_on()
    message = InboxMessage(uuid4(), "en", "Your plan", "Dear reader\n<b>Hello</b>", AT, None)
    office.record_of.letters = [message]
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/messages")
        assert "<b>Hello" not in browser.page.text
        await browser.send(f"/portal/messages/{message.message_id}/read")
    assert office.record_of.read == [message.message_id]


async def test_a_way_of_contact_is_refused_and_a_time_kept_free(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/wishes")
        await browser.send("/portal/wishes/refuse", channel="sms")
        assert "text message" in browser.text
        await browser.send("/portal/wishes/time", day_0="yes", day_6="yes", begins="18", ends="24")
        assert "Monday, Sunday 18:00–24:00" in browser.text
        page = await browser.send("/portal/wishes/time", begins="18", ends="9")
        assert page.status_code == 422
        assert {'href="#day_0"', 'href="#ends"'} <= set(re.findall(r'href="#\w+"', page.text))
    kinds = [(entry["kind"], entry["source"]) for entry in office.record_of.entries]
    assert kinds == [("opt_out", "portal"), ("inconvenient_time", "portal")]
    assert (office.record_of.entries[1]["begins"], office.record_of.entries[1]["ends"]) == ("18:00:00", None)


async def test_a_representative_needs_the_borrowers_word(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/representatives")
        assert (await browser.send("/portal/representatives/name", who="adviser")).status_code == 422
        await browser.send("/portal/representatives/name", who="adviser", authority="yes")
        assert "Acting for you: A debt adviser" in browser.text
    [entry] = office.record_of.entries
    assert entry["proof_reference"] == entry["reference"]


async def test_a_token_for_an_adviser_is_shown_once_works_and_can_be_taken_back(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/representatives")
        page = await browser.send("/portal/representatives/grant", holder="adviser", key="short", days="30")
        assert page.status_code == 422
        assert {'href="#key"', 'href="#scope_read"'} <= set(re.findall(r'href="#\w+"', page.text))
        await browser.send("/portal/representatives/grant", holder="adviser", scope_read="yes", key=KEY, days="30")
        [token] = set(re.findall(r"ncg_[\w-]+", browser.text))
        headers = {"Authorization": f"Bearer {token}"}
        assert (await office.api.get("/v1/negotiation", headers=headers)).status_code == 200
        await browser.open("/portal/representatives")
        assert token not in browser.text
        [take_back] = re.findall(r'action="(/portal/representatives/grant/[^"]+/take-back)"', browser.page.text)
        await browser.send(take_back)
        assert (await office.api.get("/v1/negotiation", headers=headers)).status_code == 401


async def test_help_is_of_the_borrowers_place_and_fits_the_cause(office: Office) -> None:
    case_id = await office.take_on(arrears_cause="job_loss")
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/help")
        assert "988" in browser.text
        assert "unemployment benefit" in browser.text
        assert "12348" not in browser.text


def test_every_place_we_work_in_has_somebody_who_helps_and_every_text_both_languages() -> None:
    assert set(directory()) == {"US", "CN", "GB", "IE", "IN", "ID", "PH", "VN", "SG", "AU"}
    for places in directory().values():
        assert places
        assert all(place.kind in KINDS and place.en and place.zh for place in places)
    pairs = [pair for lines in (*guidance.CAUSES.values(), guidance.ANYBODY) for pair in lines]
    for texts in (record.RECORD, record.CONCERNS, record.WISHES, record.REPRESENTATIVES, record.INBOX, guidance.HELP):
        pairs += list(texts.values())
    for english, chinese in pairs:
        assert english
        assert re.search("[一-鿿]", chinese), english
