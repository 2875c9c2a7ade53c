"""Placing accounts end to end: each record its own answer, its event, its rows; the same key the same answer."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from services.intake.application.place_accounts import CHUNK_RECORDS
from shared.events.case_closed import CaseClosed
from tests.integration.intake.conftest import Intake, Lender
from tests.unit.intake.builders import card_arrears, rent_arrears


def _numbered(count: int) -> list[dict[str, Any]]:
    return [rent_arrears(account_number=f"HC-{n}") for n in range(1, count + 1)]


async def test_a_sound_record_becomes_a_case_and_is_announced(intake: Intake, harbour: Lender) -> None:
    case_id = await harbour.place_one(rent_arrears())
    (event,) = await intake.announced("case.received")
    assert event["case_id"] == case_id
    assert event["creditor_id"] == harbour.creditor_id
    assert (event["arrears"], event["days_past_due"], event["oldest_due_on"]) == (80_860, 45, "2026-01-15")
    assert (event["instalments_paid"], event["instalments_missed"]) == (6, 2)
    assert event["mandate"]["discount_max"] == 2_000
    assert event["mandate"]["grace_days"] == 3
    assert [point["time_zones"] for point in event["contact_points"]] == [["America/New_York"]] * 2
    shown = (await harbour.get(f"/v1/cases/{case_id}")).json()
    assert shown["account_number"] == "HC-1001"
    assert shown["status"] == "open"
    assert shown["checklist"]["arrears"] == "passed"
    assert shown["checklist"]["deceased"] == "not_known"


async def test_the_lenders_trace_goes_on_with_the_event(intake: Intake, harbour: Lender) -> None:
    trace_id, body = "0af7651916cd43dd8448eb211c80319c", json.dumps(rent_arrears()).encode()
    headers = harbour.signature("POST", "/v1/placements", body) | {
        "Content-Type": "application/json",
        "Idempotency-Key": "traced",
        "traceparent": f"00-{trace_id}-b7ad6b7169203331-01",
    }
    await harbour.client.post("/v1/placements", content=body, headers=headers)
    (row,) = await intake.rows("SELECT headers FROM outbox")
    assert json.loads(row["headers"])["traceparent"].split("-")[1] == trace_id


async def test_a_bad_record_does_not_stop_the_others(intake: Intake, harbour: Lender) -> None:
    lines = [json.dumps(record) for record in _numbered(3)]
    lines.insert(1, "{not json")
    lines.insert(3, json.dumps(rent_arrears(account_number="HC-9", scrubs={"is_deceased": True}, days_past_due=3)))
    response = await harbour.post(
        "/v1/placements", "\n".join(lines).encode(), content_type="application/x-ndjson; charset=utf-8"
    )
    answer = response.json()
    assert (answer["accepted"], answer["rejected"]) == (3, 2)
    assert [("case_id" in record, record["line"]) for record in answer["records"]] == [
        (True, 1),
        (False, 2),
        (True, 3),
        (False, 4),
        (True, 5),
    ]
    refused = answer["records"][3]
    assert refused["account_number"] == "HC-9"
    assert {error["code"] for error in refused["errors"]} == {"borrower_deceased", "days_past_due_differ"}
    rejected = await intake.announced("case.rejected")
    assert [event["record_number"] for event in rejected] == [2, 4]
    assert rejected[1]["reasons"][0] == {"code": "days_past_due_differ", "pointer": "/days_past_due"}
    (batch,) = await intake.rows("SELECT records, accepted, rejected FROM batches")
    assert batch == {"records": 5, "accepted": 3, "rejected": 2}


async def test_ten_thousand_rows_with_seven_bad_ones(intake: Intake, harbour: Lender) -> None:
    bad = {7, 500, 501, 2_000, 4_999, 9_000, 10_000}
    records = _numbered(10_000)
    for number in bad:
        records[number - 1]["arrears_minor_units"] = 1
    body = "\n".join(json.dumps(record) for record in records).encode()
    answer = (await harbour.post("/v1/placements", body, content_type="application/x-ndjson")).json()
    assert (answer["accepted"], answer["rejected"]) == (9_993, 7)
    assert {record["record_number"] for record in answer["records"] if "errors" in record} == bad
    (counts,) = await intake.rows("SELECT count(*) AS cases, count(DISTINCT account_id) AS accounts FROM cases")
    assert counts == {"cases": 9_993, "accounts": 9_993}
    (events,) = await intake.rows("SELECT count(*) AS events FROM outbox WHERE topic = 'case.received'")
    assert events == {"events": 9_993}


async def test_a_table_of_flat_columns_is_placed_too(harbour: Lender) -> None:
    record = rent_arrears(payments=[], arrears_minor_units=8 * 40_430, days_past_due=229)
    del record["contact_points"], record["borrower"], record["balance"], record["payments"]
    cells = {name: str(value) for name, value in record.items()} | {
        "borrower.name": "Jordan Example",
        "balance.fees_minor_units": "0",
        "balance.interest_minor_units": "21000",
        "balance.principal_minor_units": "1200000",
        "contact_points.0.kind": "email",
        "contact_points.0.value": "jordan@example.com",
        "contact_points.0.may_be_used": "true",
    }
    body = (",".join(cells) + "\n" + ",".join(cells.values()) + "\n").encode()
    answer = (await harbour.post("/v1/placements", body, content_type="text/csv")).json()
    assert answer["accepted"] == 1, answer
    assert answer["records"][0]["line"] == 2


async def test_the_same_key_sent_ten_times_places_once(intake: Intake, harbour: Lender) -> None:
    body = {"records": [rent_arrears(), rent_arrears(account_number="HC-2", days_past_due=1)]}
    answers = [await harbour.post("/v1/placements", body, key="monday") for _ in range(10)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(await intake.announced("case.received")) == 1
    assert len(await intake.announced("case.rejected")) == 1


async def test_the_same_key_sent_twice_at_once_places_once(intake: Intake, harbour: Lender) -> None:
    answers = await asyncio.gather(
        *(harbour.post("/v1/placements", {"records": _numbered(50)}, key="monday") for _ in range(4))
    )
    assert len({answer.text for answer in answers}) == 1
    assert len(await intake.announced("case.received")) == 50


async def test_the_same_key_for_another_request_is_refused_and_writes_nothing(intake: Intake, harbour: Lender) -> None:
    await harbour.place(rent_arrears(), key="monday")
    response = await harbour.post("/v1/placements", {"records": _numbered(2)}, key="monday")
    assert response.status_code == 422
    assert response.json()["code"] == "idempotency_key_reused"
    assert len(await intake.announced("case.received")) == 1


async def test_two_lenders_may_use_the_same_key(harbour: Lender, morning: Lender) -> None:
    assert "case_id" in (await harbour.place(rent_arrears(), key="monday"))[0]
    assert "case_id" in (await morning.place(card_arrears(), key="monday"))[0]


async def test_an_account_twice_in_one_placement_is_taken_once(harbour: Lender) -> None:
    first, second = await harbour.place(rent_arrears(), rent_arrears())
    assert "case_id" in first
    assert [error["code"] for error in second["errors"]] == ["duplicate_in_batch"]


async def test_a_corrected_record_after_a_bad_one_in_the_same_placement_is_taken(harbour: Lender) -> None:
    first, second = await harbour.place(rent_arrears(days_past_due=3), rent_arrears())
    assert "errors" in first
    assert "case_id" in second


async def test_an_account_with_an_open_case_is_not_placed_again(intake: Intake, harbour: Lender) -> None:
    await harbour.place_one(rent_arrears())
    (answer,) = await harbour.place(rent_arrears())
    assert [error["code"] for error in answer["errors"]] == ["already_placed"]
    assert len(await intake.announced("case.received")) == 1


async def test_the_same_accounts_placed_at_once_under_two_keys_become_one_case_each(
    intake: Intake, harbour: Lender
) -> None:
    answers = await asyncio.gather(*(harbour.place(*_numbered(40)) for _ in range(3)))
    taken = [record["case_id"] for answer in answers for record in answer if "case_id" in record]
    refused = [record["errors"][0]["code"] for answer in answers for record in answer if "errors" in record]
    assert len(taken) == 40
    assert set(refused) == {"already_placed"}
    assert len(refused) == 80
    assert len(await intake.announced("case.received")) == 40


async def test_an_account_may_be_placed_again_after_its_case_has_ended(intake: Intake, harbour: Lender) -> None:
    first = await harbour.place_one(rent_arrears())
    await harbour.post(f"/v1/cases/{first}/recall", {"reason": "placed_in_error"})
    second = await harbour.place_one(rent_arrears())
    closed = CaseClosed(
        case_id=second,
        creditor_id=harbour.creditor_id,
        reason="paid_in_full",
        closed_at=intake.databases.clock.now(),
        clearance_code=None,
    )
    await intake.hear(closed)
    third = await harbour.place_one(rent_arrears())
    events = await intake.announced("case.received")
    assert [event["case_id"] for event in events] == [first, second, third]
    assert len({event["account_id"] for event in events}) == 1
    assert len({event["person_id"] for event in events}) == 1
    # The same contact point keeps its id, so that what outreach knows of it still holds.
    assert len({event["contact_points"][0]["contact_point_id"] for event in events}) == 1


async def test_accounts_of_one_identity_number_are_one_persons(intake: Intake, morning: Lender) -> None:
    same = {"name": "王样例", "identity_number": "INVENTED-000001", "region": "SH"}
    other = same | {"identity_number": "INVENTED-000002"}
    in_one = [card_arrears(account_number=f"CG-{n}", borrower=same) for n in (1, 2)]
    await morning.place(*in_one, card_arrears(account_number="CG-3", borrower=other))
    await morning.place(card_arrears(account_number="CG-4", borrower=same))
    persons = [event["person_id"] for event in await intake.announced("case.received")]
    assert persons[0] == persons[1] == persons[3]
    assert persons[2] != persons[0]
    (count,) = await intake.rows("SELECT count(*) AS points FROM contact_points WHERE person_id = $1::uuid", persons[0])
    assert count == {"points": 1}


async def test_the_same_name_alone_does_not_link(intake: Intake, harbour: Lender) -> None:
    await harbour.place(*_numbered(2))
    assert len({event["person_id"] for event in await intake.announced("case.received")}) == 2


async def test_one_identity_number_placed_by_many_at_once_is_one_person(intake: Intake, morning: Lender) -> None:
    person = {"name": "王样例", "identity_number": "INVENTED-000001"}
    await asyncio.gather(*(morning.place(card_arrears(account_number=f"CG-{n}", borrower=person)) for n in range(4)))
    assert len({event["person_id"] for event in await intake.announced("case.received")}) == 1


async def test_the_same_persons_placed_at_once_in_opposite_order_do_not_stop_each_other(
    intake: Intake, morning: Lender
) -> None:
    """Two chunks each, so that each request holds what the other wants next."""
    numbers = range(1, 2 * CHUNK_RECORDS + 1)
    persons = {n: {"name": "王样例", "identity_number": f"INVENTED-{n:06d}"} for n in numbers}
    there = [card_arrears(account_number=f"CG-A{n}", borrower=persons[n]) for n in numbers]
    back = [card_arrears(account_number=f"CG-B{n}", borrower=persons[n]) for n in reversed(numbers)]
    answers = await asyncio.gather(morning.place(*there), morning.place(*back))
    assert all("case_id" in record for answer in answers for record in answer)
    assert len({event["person_id"] for event in await intake.announced("case.received")}) == len(numbers)


async def test_another_lenders_person_is_another_person(intake: Intake, morning: Lender) -> None:
    """Linking across tenants would tell one lender's customers to another."""
    evening = await intake.onboard("Evening Light", jurisdiction="CN")
    person = {"name": "王样例", "identity_number": "INVENTED-000001"}
    await morning.place_one(card_arrears(borrower=person))
    await evening.place_one(card_arrears(borrower=person))
    assert len({event["person_id"] for event in await intake.announced("case.received")}) == 2


async def test_after_its_licence_has_expired_a_lender_places_nothing(intake: Intake) -> None:
    late = await intake.onboard("Late Licence", licence_expires_on="2026-03-01")
    response = await late.post("/v1/placements", rent_arrears())
    assert response.status_code == 403
    assert response.json()["code"] == "licence_expired"
    assert await intake.announced("case.received") == []


async def test_pages_of_cases_hold_each_case_once(intake: Intake, harbour: Lender) -> None:
    await harbour.place(*_numbered(7))
    (batch,) = await intake.rows("SELECT batch_id FROM batches")
    await harbour.place(rent_arrears(account_number="HC-8"))
    seen: list[str] = []
    path = f"/v1/cases?limit=3&status=open&batch_id={batch['batch_id']}"
    cursor = ""
    for _ in range(3):
        page = (await harbour.get(path + cursor)).json()
        seen += [case["account_number"] for case in page["cases"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert sorted(seen) == [f"HC-{n}" for n in range(1, 8)]
    assert (await harbour.get("/v1/cases?status=closed")).json() == {"cases": [], "next_cursor": None}


async def test_no_event_holds_anything_personal(intake: Intake, harbour: Lender) -> None:
    """Accepted, refused by a rule, refused by its form, and with an unknown field that is named after a person."""
    borrower = {"name": "Canary Person", "identity_number": "CANARY-ID-77", "region": "NY", "born_on": "1961-02-03"}
    points = [
        {"kind": "email", "value": "canary@example.com", "may_be_used": True},
        {"kind": "mobile", "value": "+1 212 555 0177"},
        {"kind": "postal", "value": "77 Canary Street"},
    ]
    sound = rent_arrears(account_number="CANARY-ACCOUNT-77", borrower=borrower, contact_points=points)
    named = {**sound, "account_number": "CANARY-ACCOUNT-78", "Canary Person +12125550177": 1}
    late = {**sound, "account_number": "CANARY-ACCOUNT-79", "days_past_due": 1}
    answers = await harbour.place(sound, late, {**sound, "borrower": {**borrower, "name": 7}}, named)
    assert ["case_id" in answer for answer in answers] == [True, False, False, False]
    await harbour.post(
        "/v1/payments",
        {
            "account_number": "CANARY-ACCOUNT-77",
            "amount_minor_units": 100,
            "currency": "USD",
            "received_on": "2026-03-01",
            "reference": "CANARY-REFERENCE-77",
        },
    )
    tables = await intake.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    assert len(tables) > 15
    for table in tables:
        for row in await intake.rows(f"SELECT t::text AS text FROM {table['table_name']} AS t"):
            for secret in ("canary", "5550177", "1961-02-03", b"canary".hex(), b"CANARY".hex(), b"Canary".hex()):
                assert secret not in row["text"].lower(), table["table_name"]
    events = await intake.announced("case.received") + await intake.announced("case.rejected")
    assert len(events) == 4
    assert "canary" not in json.dumps(events).lower()
