"""What the vault gives, to whom, and what is left of a person after erasure: nothing."""

from __future__ import annotations

from datetime import timedelta

from shared.kernel.identifiers import new_id
from tests.integration.intake.conftest import MANDATE, Intake, Lender
from tests.unit.intake.builders import card_arrears, rent_arrears

REVEAL, FIND, NAMES = (
    "/internal/v1/contact-points/reveal",
    "/internal/v1/contact-points/find",
    "/internal/v1/persons/reveal",
)


async def test_the_vault_gives_values_of_several_tenants_and_leaves_out_unknown_ones(
    intake: Intake, harbour: Lender, morning: Lender
) -> None:
    us_case = await harbour.place_one(rent_arrears())
    cn_case = await morning.place_one(card_arrears())
    received = {event["case_id"]: event for event in await intake.announced("case.received")}
    ids = [point["contact_point_id"] for case in (us_case, cn_case) for point in received[case]["contact_points"]]
    answer = (await intake.service(REVEAL, {"contact_point_ids": [*ids, str(new_id())]})).json()["contact_points"]
    found = {point["contact_point_id"]: point for point in answer}
    assert [found[key]["value"] for key in ids] == ["jordan@example.com", "+12125550123", "+8614200000001"]
    assert [found[key]["name"] for key in ids] == ["Jordan Example", "Jordan Example", "王样例"]
    assert [found[key]["language"] for key in ids] == ["en", "en", "zh"]
    names = (await intake.service(NAMES, {"case_ids": [us_case, cn_case, str(new_id())]})).json()["persons"]
    assert {(person["case_id"], person["name"], person["creditor_name"]) for person in names} == {
        (us_case, "Jordan Example", "Harbour Credit"),
        (cn_case, "王样例", "晨光消费金融"),
    }
    # At most half of the account's number, and no more than four signs of it (12 CFR 1006.34(c)(2)(iv)).
    assert {person["case_id"]: person["account_ending"] for person in names} == {us_case: "001", cn_case: "001"}


async def test_the_sender_of_a_reply_is_found_in_every_tenant(intake: Intake, harbour: Lender) -> None:
    rival = await intake.onboard("Rival Finance")
    cases = {await harbour.place_one(rent_arrears()), await rival.place_one(rent_arrears())}
    for kind, value in (("email", "JORDAN@Example.com"), ("mobile", "212-555-0123"), ("landline", "+12125550123")):
        matches = (await intake.service(FIND, {"kind": kind, "value": value})).json()["matches"]
        assert {case_id for match in matches for case_id in match["case_ids"]} == cases, (kind, value)
    for kind, value in (("email", "somebody.else@example.com"), ("mobile", "nonsense"), ("email", "+12125550123")):
        assert (await intake.service(FIND, {"kind": kind, "value": value})).json() == {"matches": []}


async def test_an_invented_number_is_found_too(intake: Intake, morning: Lender) -> None:
    case_id = await morning.place_one(card_arrears())
    matches = (await intake.service(FIND, {"kind": "mobile", "value": "+8614200000001"})).json()["matches"]
    assert [match["case_ids"] for match in matches] == [[case_id]]


async def test_only_a_service_gets_anything_from_the_vault(intake: Intake, harbour: Lender) -> None:
    body = {"contact_point_ids": [str(new_id())]}
    refused = [
        await intake.service(REVEAL, body, secret=b"another secret"),
        await harbour.post(REVEAL, body),
        await intake.staff(REVEAL, body),
    ]
    assert [response.status_code for response in refused] == [401, 401, 401]
    assert (await intake.service(REVEAL, {"contact_point_ids": []})).status_code == 422
    assert (await intake.service(REVEAL, {"contact_point_ids": [str(new_id())] * 1_001})).status_code == 422
    assert (await intake.service(REVEAL, body)).headers["cache-control"] == "no-store"


async def test_after_erasure_nothing_of_the_person_can_be_read_or_found(intake: Intake, harbour: Lender) -> None:
    borrower = {"name": "Jordan Example", "identity_number": "ID-77", "region": "NY"}
    first, second = [
        await harbour.place_one(rent_arrears(account_number=number, borrower=borrower)) for number in ("HC-1", "HC-2")
    ]
    received = await intake.announced("case.received")
    person_id, points = received[0]["person_id"], received[0]["contact_points"]
    answer = await intake.staff(f"/v1/persons/{person_id}/erase")
    assert answer.json() == {"person_id": person_id, "case_ids": [first, second], "was_erased_before": False}
    (event,) = await intake.announced("person.erased")
    assert (event["person_id"], event["case_ids"]) == (person_id, [first, second])

    ids = [point["contact_point_id"] for point in points]
    assert (await intake.service(REVEAL, {"contact_point_ids": ids})).json() == {"contact_points": []}
    assert (await intake.service(NAMES, {"case_ids": [first, second]})).json() == {"persons": []}
    assert (await intake.service(FIND, {"kind": "email", "value": "jordan@example.com"})).json() == {"matches": []}
    shown = (await harbour.get(f"/v1/cases/{first}")).json()
    assert (shown["account_number"], shown["status"]) == (None, "open")
    assert await intake.rows("SELECT 1 AS one FROM persons UNION ALL SELECT 1 FROM contact_points") == []
    sealed = await intake.rows("SELECT number_index, number_sealed FROM accounts")
    assert sealed == [{"number_index": None, "number_sealed": None}] * 2


async def test_erasing_twice_announces_once_and_a_stranger_is_unknown(intake: Intake, harbour: Lender) -> None:
    await harbour.place_one(rent_arrears())
    (received,) = await intake.announced("case.received")
    path = f"/v1/persons/{received['person_id']}/erase"
    await intake.staff(path)
    assert (await intake.staff(path)).json()["was_erased_before"] is True
    assert len(await intake.announced("person.erased")) == 1
    assert (await intake.staff(f"/v1/persons/{new_id()}/erase")).status_code == 404
    points = {"contact_points": [{"kind": "email", "value": "jordan@example.com"}]}
    response = await harbour.post(f"/v1/persons/{received['person_id']}/contact-points", points)
    assert response.json()["code"] == "person_unknown"


async def test_a_placement_after_erasure_is_a_new_person(intake: Intake, harbour: Lender) -> None:
    await harbour.place_one(rent_arrears())
    (received,) = await intake.announced("case.received")
    await intake.staff(f"/v1/persons/{received['person_id']}/erase")
    await harbour.place_one(rent_arrears())
    assert len({event["person_id"] for event in await intake.announced("case.received")}) == 2


async def test_a_creditor_is_onboarded_once_and_its_keys_rotate(intake: Intake, harbour: Lender) -> None:
    profile = {
        "name": "Harbour Credit",
        "licence_number": "L-Harbour Credit",
        "licence_expires_on": "2029-12-31",
        "currency": "USD",
        "jurisdiction": "US",
        "mandate": MANDATE | {"term_months_max": 36},
    }
    again = await intake.staff("/v1/creditors", profile)
    assert (again.status_code, again.json()["code"]) == (409, "creditor_exists")
    rotated = await intake.staff("/v1/creditors?rotate=true", profile)
    assert rotated.status_code == 200
    answer = rotated.json()
    assert answer["creditor_id"] == harbour.creditor_id
    new = Lender(harbour.client, harbour.clock, harbour.creditor_id, answer["key_id"], answer["secret"].encode())
    await harbour.place_one(rent_arrears(account_number="HC-1"))
    await new.place_one(rent_arrears(account_number="HC-2"))
    mandates = [event["mandate"] for event in await intake.announced("case.received")]
    assert [(mandate["version"], mandate["term_months_max"]) for mandate in mandates] == [(2, 36), (2, 36)]
    harbour.clock.advance(timedelta(hours=24))
    assert (await harbour.get("/v1/cases")).json()["code"] == "signature_wrong"
    assert (await new.get("/v1/cases")).status_code == 200


async def test_no_secret_lies_in_the_database_in_plain(intake: Intake, harbour: Lender) -> None:
    (key,) = await intake.rows("SELECT secret_sealed FROM creditor_keys")
    assert harbour.secret not in key["secret_sealed"]
