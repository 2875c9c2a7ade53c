"""The door to a borrower's pages: a link that opens once, a question, few guesses, and sessions that end."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from services.negotiation.application.forget_visits import forget_visits
from services.negotiation.entrypoints.routers import ROUTERS
from tests.integration.negotiation.office import BORN_ON, STAFF, Office
from tests.integration.negotiation.paper_browser import PaperBrowser, birthday, visiting

SECRETS = ("Ada Invented", "Harbour Credit", "1,255")


async def test_a_link_shows_who_we_are_and_a_question_and_nothing_else(office: Office) -> None:
    case_id = await office.take_on()
    page = await office.api.get(f"/b/{office.token(case_id)}")
    assert page.status_code == 200
    assert "Concord Recovery Services" in page.text
    assert "When were you born?" in page.text
    assert 'autocomplete="bday-year"' in page.text
    assert not [secret for secret in (*SECRETS, str(case_id), "<script") if secret in page.text]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


async def test_where_no_birth_date_is_on_file_the_account_number_is_asked_for(office: Office) -> None:
    case_id = await office.take_on()
    office.vault.kind, office.vault.factor = "account_number", "HC-00017"
    async with office.browse() as client:
        browser, token = PaperBrowser(client), office.token(case_id)
        await browser.open(f"/b/{token}")
        assert "account number of your contract" in browser.text
        assert (await browser.send(f"/b/{token}", account_number=" ")).status_code == 422
        page = await browser.send(f"/b/{token}", account_number="HC-00017")
        assert (page.status_code, page.url.path) == (200, "/portal")


async def test_the_right_answer_opens_the_pages_once(office: Office) -> None:
    case_id = await office.take_on()
    token = office.token(case_id)
    async with office.browse() as client, office.browse() as other:
        first, second = PaperBrowser(client), PaperBrowser(other)
        page = await first.answer(token)
        assert (page.status_code, page.url.path) == (200, "/portal")
        assert token not in str(page.url) + page.text
        cookie = page.history[0].headers["Set-Cookie"]
        assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/portal"))
        await second.open(f"/b/{token}")
        assert second.page.status_code == 401
        assert "This link has been used" in second.text
        assert not [secret for secret in SECRETS if secret in second.text]
        assert (await second.open("/portal")).status_code == 401
        assert (await first.open("/portal/offers")).status_code == 200
    assert [row["link_hash"] for row in await office.rows("SELECT link_hash FROM portal_links")] != [token.encode()]


async def test_of_many_right_answers_at_once_one_gets_in(office: Office) -> None:
    case_id = await office.take_on()
    body = {"token": office.token(case_id), "factor": BORN_ON}
    answers = await asyncio.gather(*(office.api.post("/v1/borrower/sessions", json=body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers)[0] == 201
    assert [answer.status_code for answer in answers].count(201) == 1


async def test_wrong_answers_wait_longer_and_longer_and_then_the_link_is_closed(office: Office) -> None:
    case_id = await office.take_on()
    token = office.token(case_id)
    async with office.browse() as client:
        browser = PaperBrowser(client)
        await browser.open(f"/b/{token}")
        form = browser.hidden(f"/b/{token}")
        for wait in (0, 15, 60, 300):
            page = await client.post(f"/b/{token}", data={**form, **birthday("1990-01-01")})
            assert "not what we have on file" in page.text
            assert (await client.get(f"/b/{token}")).status_code == (429 if wait else 200)
            if wait:
                early = await client.post(f"/b/{token}", data={**form, **birthday()})
                assert (early.status_code, "factor" in early.text) == (429, False)
                assert "There is no hurry" in early.text
            office.machine.advance(timedelta(seconds=wait))
        await client.post(f"/b/{token}", data={**form, **birthday("1990-01-01")})
        locked = await client.post(f"/b/{token}", data={**form, **birthday()})
        assert locked.status_code == 429
        assert "+1 212 555 0100" in locked.text
        assert "closed for now" in locked.text
        assert office.vault.asked == 5
        # Another link to the same case does not help within the day, and the old one never again.
        fresh = office.token(case_id, days=300)
        assert (await client.get(f"/b/{fresh}")).status_code == 429
        office.machine.advance(timedelta(hours=24, seconds=1))
        assert (await client.get(f"/b/{token}")).status_code == 429
        assert (await client.get(f"/b/{fresh}")).status_code == 200


async def test_many_wrong_answers_at_once_do_not_outrun_the_count(office: Office) -> None:
    case_id = await office.take_on()
    body = {"token": office.token(case_id), "factor": "1990-01-01"}
    answers = await asyncio.gather(*(office.api.post("/v1/borrower/sessions", json=body) for _ in range(12)))
    assert {answer.status_code for answer in answers} <= {401, 429}
    assert office.vault.asked <= 2


async def test_while_the_vault_is_away_nobody_gets_in_and_no_try_is_lost(office: Office) -> None:
    case_id = await office.take_on()
    token, factor = office.token(case_id), office.vault.factor
    async with office.browse() as client:
        browser = PaperBrowser(client)
        await browser.open(f"/b/{token}")
        office.vault.factor = None
        for _ in range(6):
            page = await client.post(f"/b/{token}", data={**browser.hidden(f"/b/{token}"), **birthday()})
            assert (page.status_code, "try again soon" in page.text) == (503, True)
            assert not [secret for secret in SECRETS if secret in page.text]
        body = {"token": token, "factor": BORN_ON}
        lenient = httpx.ASGITransport(office.transport.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=lenient, base_url="http://negotiation") as software:
            assert (await software.post("/v1/borrower/sessions", json=body)).status_code == 503
        office.vault.factor = factor
        assert (await browser.answer(token)).url.path == "/portal"


async def test_a_wrong_or_old_link_opens_nothing(office: Office) -> None:
    case_id = await office.take_on()
    token = office.token(case_id, days=1)
    # Not the last sign: bits of it may mean nothing.
    changed = token[:-6] + ("B" if token[-6] != "B" else "C") + token[-5:]
    assert (await office.api.get(f"/b/{changed}")).status_code == 401
    office.advance(days=1, seconds=1)
    page = await office.api.get(f"/b/{token}", headers={"Accept-Language": "zh-CN"})
    assert page.status_code == 401
    assert "链接已失效" in page.text
    assert office.vault.asked == 0


async def test_a_session_ends_without_use_and_after_half_a_day_with_it(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        office.machine.advance(timedelta(minutes=29))
        assert (await browser.open("/portal")).status_code == 200
        office.machine.advance(timedelta(minutes=30))
        page = await browser.open("/portal")
        assert (page.status_code, "Your visit has ended" in page.text) == (401, True)
    async with visiting(office, case_id) as browser:
        for _ in range(24):
            office.machine.advance(timedelta(minutes=29))
            assert (await browser.open("/portal")).status_code == 200
        office.machine.advance(timedelta(minutes=24))
        assert (await browser.open("/portal")).status_code == 401


async def test_whoever_leaves_is_gone(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        held = browser.client.cookies.get("concord_visit")
        await browser.send("/portal/leave")
        assert "You have left" in browser.text
        browser.client.cookies.set("concord_visit", held or "")
        assert (await browser.open("/portal")).status_code == 401


@pytest.mark.parametrize("key", ["", "x", "0" * 75, "g" * 75, "ü" * 75, "0" * 10_000])
async def test_an_invented_key_opens_nothing(office: Office, key: str) -> None:
    await office.take_on()
    headers = [(b"Authorization", f"Bearer {key}".encode())]
    assert (await office.api.get("/v1/borrower/case", headers=headers)).status_code == 401
    headers = [(b"Cookie", f"concord_visit={key}".encode())]
    assert (await office.api.get("/portal", headers=headers)).status_code == 401


async def test_a_form_of_somebody_else_is_not_accepted(office: Office) -> None:
    mine, other = await office.take_on(), await office.take_on()
    async with visiting(office, mine) as browser, visiting(office, other) as stranger:
        await stranger.open("/portal/propose")
        foreign = stranger.hidden("/portal/propose")
        await browser.open("/portal/propose")
        own = browser.hidden("/portal/propose")
        wish = {"kind": "instalments", "months": "12"}
        forged = (
            {**wish, **foreign},
            wish,
            {**wish, "form_token": "x.y"},
            {**wish, **browser.hidden("/portal/leave")},
        )
        for fields in forged:
            page = await browser.client.post("/portal/propose", data=fields)
            assert (page.status_code, "send that once more" in page.text) == (403, True)
        for said in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example.com"}):
            page = await browser.client.post("/portal/propose", data={**wish, **own}, headers=said)
            assert page.status_code == 403
        assert (await office.rows("SELECT sum(rounds) AS n FROM cases"))[0]["n"] == 0
        assert (await browser.client.post("/portal/propose", data={**wish, **own})).status_code == 200


async def test_a_used_link_can_be_asked_to_be_replaced_and_staff_see_it(office: Office) -> None:
    case_id = await office.take_on()
    token = office.token(case_id)
    async with office.browse() as client:
        browser = PaperBrowser(client)
        await browser.answer(token)
        for _ in range(2):
            await browser.open(f"/b/{token}")
            await browser.send(f"/b/{token}/new-link")
            assert "We have noted it" in browser.text
    (request,) = (await office.api.get("/v1/portal-link-requests", headers=STAFF)).json()["requests"]
    assert request["case_id"] == str(case_id)
    assert (await office.api.get("/v1/portal-link-requests")).status_code == 401
    url = f"/v1/cases/{case_id}/portal-link-requests/{request['request_id']}/answer"
    who = {**STAFF, "X-Staff-Id": "mei"}
    assert (await office.api.post(url, headers=who)).status_code == 204
    assert (await office.api.post(url, headers=who)).status_code == 404
    assert (await office.api.get("/v1/portal-link-requests", headers=STAFF)).json() == {"requests": []}


async def test_every_look_at_a_file_is_kept_and_says_who_looked(office: Office) -> None:
    case_id, other = await office.take_on(), await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/offers")
    await office.see(case_id)
    for headers in ({**STAFF, "X-Staff-Id": "mei"}, STAFF, {"Authorization": "Bearer wrong"}):
        await office.api.get(f"/v1/cases/{case_id}/ledger", headers=headers)
    rows = await office.rows("SELECT case_id, role, looker, what FROM file_looks ORDER BY look_id")
    assert {row["case_id"] for row in rows} == {case_id}
    assert [(row["role"], row["looker"], row["what"]) for row in rows] == [
        ("borrower", "", "GET /portal"),
        ("borrower", "", "GET /portal/offers"),
        ("software", "", "GET /v1/borrower/case"),
        ("staff", "mei", "GET /v1/cases/{case_id}/ledger"),
        ("staff", "staff", "GET /v1/cases/{case_id}/ledger"),
    ]
    assert other not in {row["case_id"] for row in rows}


async def test_software_gets_in_by_the_same_link_and_question(office: Office) -> None:
    case_id = await office.take_on()
    body = {"token": office.token(case_id)}
    assert (await office.api.post("/v1/borrower/questions", json=body)).json() == {"asks": "born_on"}
    wrong = await office.api.post("/v1/borrower/sessions", json={**body, "factor": "1990-01-01"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "factor_wrong")
    right = await office.api.post("/v1/borrower/sessions", json={**body, "factor": BORN_ON})
    assert (right.status_code, right.json()["case_id"]) == (201, str(case_id))
    headers = {"Authorization": f"Bearer {right.json()['access_token']}"}
    assert (await office.api.get("/v1/borrower/case", headers=headers)).json()["case_id"] == str(case_id)
    used = await office.api.post("/v1/borrower/sessions", json={**body, "factor": BORN_ON})
    assert (used.status_code, used.json()["code"]) == (401, "link_used")
    assert (await office.api.delete("/v1/borrower/sessions", headers=headers)).status_code == 204
    assert (await office.api.get("/v1/borrower/case", headers=headers)).status_code == 401


async def test_no_address_of_a_case_answers_without_a_key(office: Office) -> None:
    """Whatever is added: the borrower's addresses, the pages and the staff's need a key, a cookie or a token."""
    case_id = await office.take_on()
    link = office.token(case_id)
    open_ones = {"/v1/borrower/questions", "/v1/borrower/sessions", "/portal/back"}
    tried = 0
    for route in _routes(ROUTERS):
        path = re.sub(r"\{[^}]+\}", str(case_id), route.path)
        if not path.startswith(("/v1/borrower/", "/portal", "/v1/cases/")) or path in open_ones:
            continue
        for method in route.methods or ():
            for headers in ({}, {"Authorization": f"Bearer {link}"}, {"Cookie": f"concord_visit={link}"}):
                answer = await office.api.request(method, path, headers=headers)
                assert answer.status_code in (401, 422), (method, path, answer.status_code)
                assert not [secret for secret in SECRETS if secret in answer.text]
                tried += 1
    assert tried > 100
    assert await office.rows("SELECT * FROM file_looks") == []


def _routes(routers: Sequence[APIRouter]) -> Iterator[APIRoute]:
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield route
            else:
                yield from _routes([route.original_router])  # type: ignore[attr-defined]  # a router in a router


async def test_what_visits_leave_behind_is_forgotten_in_its_time_and_looks_are_kept(office: Office) -> None:
    case_id = await office.take_on()
    await office.enter(case_id)
    await office.see(case_id)

    async def left() -> tuple[int, ...]:
        tables = ("portal_guesses", "portal_sessions", "portal_links", "file_looks")
        return tuple([(await office.rows(f"SELECT count(*) AS n FROM {table}"))[0]["n"] for table in tables])

    resources = replace(office.worker, portal=replace(office.worker.portal, machine=office.machine))
    before = await left()
    assert before[1:3] == (1, 1)
    office.machine.advance(timedelta(days=1))
    assert await forget_visits(resources) == 0
    office.machine.advance(timedelta(seconds=1))
    assert await forget_visits(resources) == 1
    office.machine.advance(timedelta(days=399))
    assert await forget_visits(resources) == 1 + before[0]
    assert await left() == (0, 0, 0, before[3])
