"""Who sees what over the API, and that the answers are the figures of the events."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from fastapi.routing import APIRoute

from services.reporting.domain.scope import make_lender_token, make_session
from services.reporting.entrypoints import http
from shared.kernel.identifiers import new_id
from shared.service.settings import SANDBOX_SECRET
from tests.conformance.lives import HARBOUR_CREDIT, STORIES, lives
from tests.integration.reporting.conftest import STAFF, Desk
from tests.support.events import case_assessed, case_received, event, record

LIVES = lives(33, 3 * len(STORIES))
SUNRISE_FINANCE = UUID("01900000-0000-7000-8000-00000000beef")
SECRET = SANDBOX_SECRET.encode()
TOMORROW = datetime.now(UTC) + timedelta(days=1)
PERIOD = "from=2026-03-01&to=2026-03-31"

NOBODIES = {
    "no token": {},
    "a wrong token": {"Authorization": "Bearer not-the-token"},
    "a forged lender": {"Authorization": f"Bearer {make_lender_token(b'forger', HARBOUR_CREDIT, TOMORROW)}"},
    "an ended token": {
        "Authorization": f"Bearer {make_lender_token(SECRET, HARBOUR_CREDIT, datetime(2020, 1, 1, tzinfo=UTC))}"
    },
    "a session as a bearer": {"Authorization": f"Bearer {make_session(SECRET, TOMORROW)}"},
}


def routes() -> Iterator[tuple[str, str]]:
    for route in http.router.routes:
        assert isinstance(route, APIRoute)
        for method in sorted(route.methods or ()):
            yield method, route.path


STAFF_ONLY = {
    "/v1/counts",
    "/v1/event-flow",
    "/v1/journal/verify",
    "/v1/journal/export",
    "/v1/figures/verify",
    "/v1/lender-tokens",
}
OF_ONE_TENANT = {
    "/v1/portfolio",
    "/v1/funnel",
    "/v1/batches",
    "/v1/cases",
    "/v1/cases/{case_id}/timeline",
    "/v1/statements/{creditor_id}",
}


def test_every_route_is_in_the_matrix() -> None:
    assert {path for _, path in routes()} == STAFF_ONLY | OF_ONE_TENANT


async def some_case(desk: Desk) -> UUID:
    await desk.hear(LIVES)
    return next(life.case_id for life in LIVES if life.story != "rejected")


def filled(path: str, case_id: UUID) -> str:
    path = path.format(case_id=case_id, creditor_id=HARBOUR_CREDIT)
    return f"{path}?{PERIOD}" if "statements" in path else path


async def test_nobody_sees_anything(desk: Desk) -> None:
    case_id = await some_case(desk)
    for method, path in routes():
        for who, headers in NOBODIES.items():
            answer = await desk.client.request(
                method, filled(path, case_id), headers=headers, json={"creditor_id": str(HARBOUR_CREDIT)}
            )
            assert answer.status_code == 401, (who, path)
            assert answer.headers["content-type"] == "application/problem+json"


async def test_lenders_see_their_own_and_for_others_it_does_not_exist(desk: Desk) -> None:
    case_id = await some_case(desk)
    harbour, sunrise = await desk.lender(HARBOUR_CREDIT), await desk.lender(SUNRISE_FINANCE)
    assert len((await desk.get("/v1/cases?limit=200", **harbour))["cases"]) == sum(x.story != "rejected" for x in LIVES)
    for path in ("/v1/cases/{case_id}/timeline", "/v1/statements/{creditor_id}"):
        assert (await desk.client.get(filled(path, case_id), headers=harbour)).status_code == 200
        assert (await desk.client.get(filled(path, case_id), headers=sunrise)).status_code == 404
    assert (await desk.client.get(f"/v1/cases?creditor_id={HARBOUR_CREDIT}", headers=sunrise)).status_code == 404
    for path, name in (("/v1/portfolio", "portfolio"), ("/v1/funnel", "funnel"), ("/v1/batches", "batches")):
        assert (await desk.get(path, **sunrise))[name] == []
        assert await desk.get(path, **harbour) == await desk.get(path)
    assert (await desk.get("/v1/cases", **sunrise))["cases"] == []


async def test_what_is_for_staff_is_not_for_lenders(desk: Desk) -> None:
    harbour = await desk.lender(HARBOUR_CREDIT)
    for method, path in routes():
        if path in STAFF_ONLY:
            answer = await desk.client.request(method, path, headers=harbour, json={"creditor_id": str(HARBOUR_CREDIT)})
            assert (answer.status_code, answer.json()["code"]) == (403, "staff_only"), path


async def test_row_level_security_holds_without_any_query(desk: Desk) -> None:
    await desk.hear(LIVES)
    for table in ("journal", "movements", "cases", "portfolio", "batches", "batch_months", "tallies"):
        seen = {}
        for tenant in (None, "", str(SUNRISE_FINANCE), str(HARBOUR_CREDIT), "*"):
            async with desk.databases.api.transaction(tenant=tenant) as transaction:
                seen[tenant] = await (await transaction.driver()).fetchval(f"SELECT count(*) FROM {table}")
        assert seen[None] == seen[""] == seen[str(SUNRISE_FINANCE)] == 0, table
        assert seen[str(HARBOUR_CREDIT)] == seen["*"] > 0, table


async def test_counts_are_those_of_the_events(desk: Desk) -> None:
    records = await desk.hear(LIVES)
    counts = await desk.get("/v1/counts")
    assert counts["events_total"] == len(records)
    assert counts["events"] == {t: sum(r.topic == t for r in records) for t in sorted({r.topic for r in records})}
    assert sum(counts["contacts"].values()) == counts["events"]["contact.attempted"]
    assert counts["cases"] == counts["events"]["case.received"]
    assert counts["rejected"] == counts["events"]["case.rejected"]
    funnel = (await desk.get("/v1/funnel"))["funnel"][0]
    assert funnel["placed"] == counts["cases"] + counts["rejected"]


async def test_the_portfolio_the_statement_and_the_batches_tell_one_story(desk: Desk) -> None:
    await desk.hear(LIVES)
    portfolio = (await desk.get("/v1/portfolio"))["portfolio"][0]
    statement = (await desk.get(f"/v1/statements/{HARBOUR_CREDIT}?from=2026-03-01&to=2026-12-31"))["totals"][0]
    assert statement["opening_minor_units"] == 0
    assert statement["placed_minor_units"] == portfolio["placed_minor_units"]
    assert statement["closing_minor_units"] == portfolio["balance_minor_units"]
    net = statement["paid_minor_units"] - statement["reversed_minor_units"]
    assert net == portfolio["collected_minor_units"]
    assert statement["waived_minor_units"] == portfolio["waived_minor_units"]
    assert statement["trust_remitted_minor_units"] > 0
    trust = {name: statement[f"trust_{name}_minor_units"] for name in ("opening", "received", "sent_back", "remitted")}
    held = trust["opening"] + trust["received"] - trust["sent_back"] - trust["remitted"]
    assert statement["trust_closing_minor_units"] == held
    months = [m for batch in (await desk.get("/v1/batches?limit=200"))["batches"] for m in batch["months"]]
    for name in ("placed_minor_units", "collected_minor_units"):
        assert sum(month[name] for month in months) == portfolio[name]


async def test_the_lines_of_a_statement_sum_to_its_totals(desk: Desk) -> None:
    await desk.hear(LIVES)
    path = f"/v1/statements/{HARBOUR_CREDIT}?from=2026-03-03&to=2026-03-03"
    totals = (await desk.get(path))["totals"][0]
    written = await desk.client.get(f"{path}&format=csv", headers=STAFF)
    assert written.headers["content-type"].startswith("text/csv")
    assert "attachment" in written.headers["content-disposition"]
    lines = list(csv.DictReader(io.StringIO(written.text)))
    for name in totals:
        if name != "currency":
            assert sum(int(line[name]) for line in lines) == totals[name], name


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=2026-03-02&to=2026-03-01", 422),
        ("from=2026-03-01", 422),
        ("from=yesterday&to=today", 422),
        ("from=2026-03-01&to=2026-03-01&format=xml", 422),
        ("from=2016-03-01&to=2036-03-01", 422),
        ("from=2026-03-01&to=2026-03-01", 200),
    ],
)
async def test_a_period_that_cannot_be_stated_is_refused(desk: Desk, query: str, status: int) -> None:
    answer = await desk.client.get(f"/v1/statements/{HARBOUR_CREDIT}?{query}", headers=STAFF)
    assert answer.status_code == status


async def test_pages_of_cases_follow_each_other_without_gap_or_repetition(desk: Desk) -> None:
    await desk.hear(LIVES)
    seen: list[str] = []
    after = ""
    while True:
        page = await desk.get(f"/v1/cases?limit=4{after}")
        seen += [case["case_id"] for case in page["cases"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    everything = [case["case_id"] for case in (await desk.get("/v1/cases?limit=200"))["cases"]]
    assert seen == everything == sorted(everything, reverse=True)


async def test_cases_are_found_by_what_they_are(desk: Desk) -> None:
    await desk.hear(LIVES)
    everything = (await desk.get("/v1/cases?limit=200"))["cases"]
    for status in {case["status"] for case in everything}:
        found = (await desk.get(f"/v1/cases?limit=200&status={status}"))["cases"]
        assert found == [case for case in everything if case["status"] == status]
    assert (await desk.get("/v1/cases?currency=CNY"))["cases"] == []
    assert (await desk.client.get("/v1/cases?status=broken", headers=STAFF)).status_code == 422


async def test_a_timeline_is_in_order_and_in_words_also_when_events_came_late(desk: Desk) -> None:
    received = case_received()
    assessed = case_assessed(received.case_id)
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    late = record(event(assessed, 1, at=at + timedelta(minutes=5)), offset=0)
    await desk.handler.handle([late])
    assert (await desk.get("/v1/cases"))["cases"] == []
    await desk.handler.handle([record(event(received, 1, at=at), offset=0)])
    timeline = await desk.get(f"/v1/cases/{received.case_id}/timeline")
    assert [entry["type"] for entry in timeline["events"]] == ["case.received", "case.assessed"]
    assert timeline["events"][0]["text"]["en"].startswith("The lender placed this case")
    assert timeline["events"][0]["text"]["zh"].startswith("债权人委案")
    assert timeline["case"]["status"] == "assessed"


async def test_a_refused_record_has_a_timeline_and_is_no_case(desk: Desk) -> None:
    await desk.hear(LIVES)
    refused = next(life.case_id for life in LIVES if life.story == "rejected")
    timeline = await desk.get(f"/v1/cases/{refused}/timeline")
    assert timeline["case"] is None
    assert [entry["type"] for entry in timeline["events"]] == ["case.rejected"]


async def test_the_flow_tells_how_long_an_event_took(desk: Desk) -> None:
    received = case_received(new_id())
    await desk.handler.handle([record(event(received, 1), offset=0)])
    flow = await desk.get("/v1/event-flow")
    [topic] = flow["topics"]
    assert (topic["topic"], topic["events"], sum(topic["per_minute"])) == ("case.received", 1, 1)
    assert 0 <= topic["delay_average_ms"] <= topic["delay_max_ms"] < 60_000
    assert (flow["waiting"], flow["quarantined_cases"], flow["journal_position"]) == ({}, 0, 1)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"creditor_id": "x"},
        {"creditor_id": str(HARBOUR_CREDIT), "days": 0},
        {"creditor_id": str(HARBOUR_CREDIT), "scope": "*"},
    ],
)
async def test_a_token_for_nobody_in_particular_is_not_made(desk: Desk, body: dict[str, object]) -> None:
    answer = await desk.client.post("/v1/lender-tokens", json=body, headers=STAFF)
    assert answer.status_code == 422
    assert answer.json()["errors"]
