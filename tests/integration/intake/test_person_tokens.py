"""Which persons of different lenders are the same: told to a service alone, and by nothing that can be read."""

from __future__ import annotations

from typing import Any

from services.intake.adapters.vault import AesVault
from shared.kernel.identifiers import new_id
from tests.integration.intake.conftest import Intake, Lender
from tests.unit.intake.builders import rent_arrears

TOKENS = "/internal/v1/persons/tokens"
JORDAN = {"name": "Jordan Example", "identity_number": "ID-77", "born_on": "1988-04-02", "region": "NY"}


async def _person(intake: Intake, lender: Lender, borrower: dict[str, Any], number: str) -> str:
    case_id = await lender.place_one(rent_arrears(borrower=borrower, account_number=number))
    received = {event["case_id"]: event for event in await intake.announced("case.received")}
    person_id: str = received[case_id]["person_id"]
    return person_id


async def _tokens(intake: Intake, *person_ids: str) -> dict[str, set[str]]:
    answer = (await intake.service(TOKENS, {"person_ids": list(person_ids)})).json()["persons"]
    return {entry["person_id"]: {token["token"] for token in entry["tokens"]} for entry in answer}


async def test_one_person_of_two_lenders_shares_a_token_however_the_name_is_written(
    intake: Intake, harbour: Lender
) -> None:
    rival = await intake.onboard("Rival Finance")
    first = await _person(intake, harbour, JORDAN, "A-1")
    second = await _person(intake, rival, JORDAN | {"identity_number": "id-77"}, "B-1")
    unnumbered = {"name": "JORDÁN  example", "born_on": "1988-04-02", "region": "NY"}
    third = await _person(intake, rival, unnumbered, "B-2")
    stranger = await _person(intake, rival, JORDAN | {"identity_number": "ID-78", "born_on": "1988-04-03"}, "B-3")
    tokens = await _tokens(intake, first, second, third, stranger, str(new_id()))
    assert set(tokens) == {first, second, third, stranger}
    assert tokens[first] == tokens[second]
    assert len(tokens[first] & tokens[third]) == 1
    assert not tokens[stranger] & (tokens[first] | tokens[third])


async def test_who_has_neither_number_nor_birthday_is_known_by_name_and_address(
    intake: Intake, harbour: Lender
) -> None:
    rival = await intake.onboard("Rival Finance")
    bare = {"name": "Jordan Example", "region": "NY"}
    tokens = await _tokens(
        intake,
        first := await _person(intake, harbour, bare, "A-1"),
        second := await _person(intake, rival, bare, "B-1"),
    )
    assert tokens[first] & tokens[second]


async def test_only_a_service_gets_tokens_and_nothing_of_them_is_announced(intake: Intake, harbour: Lender) -> None:
    person = await _person(intake, harbour, JORDAN, "A-1")
    body = {"person_ids": [person]}
    refused = [
        await intake.service(TOKENS, body, secret=b"another secret"),
        await harbour.post(TOKENS, body),
        await intake.staff(TOKENS, body),
    ]
    assert [response.status_code for response in refused] == [401, 401, 401]
    assert (await intake.service(TOKENS, {"person_ids": []})).status_code == 422
    assert (await intake.service(TOKENS, {"person_ids": [str(new_id())] * 1_001})).status_code == 422
    assert (await intake.service(TOKENS, body)).headers["cache-control"] == "no-store"
    (tokens,) = (await _tokens(intake, person)).values()
    said = str(await intake.announced("case.received"))
    assert [token in said for token in tokens] == [False, False]


async def test_an_erased_person_has_no_token(intake: Intake, harbour: Lender) -> None:
    person = await _person(intake, harbour, JORDAN, "A-1")
    await intake.staff(f"/v1/persons/{person}/erase")
    assert await _tokens(intake, person) == {}


def test_during_rotation_both_keys_are_in_use_and_give_different_tokens() -> None:
    root = b"an invented root key of enough length"
    old, both, new = (AesVault(root, versions).person_tokens(["a"]) for versions in ((1,), (2, 1), (2,)))
    assert [key_id for key_id, _ in both] == [2, 1]
    assert set(both) == set(old) | set(new)
    assert old[0][1] != new[0][1]
