"""The second factor: a question only the borrower can answer, checked where the answer lies."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from services.intake.entrypoints import vault
from shared.kernel.identifiers import new_id
from shared.service.sign_in_limit import FAILURES_MAX, SignInFailures
from tests.integration.intake.conftest import Intake, Lender
from tests.unit.intake.builders import rent_arrears

PATH = "/internal/v1/persons/second-factor"
BORN = {"name": "Jordan Example", "born_on": "1985-03-09", "region": "NY"}
UNBORN = {"name": "Jordan Example", "region": "NY"}


@pytest.fixture(autouse=True)
def nobody_has_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "_wrong_answers", SignInFailures())


async def _ask(intake: Intake, case_id: str, answer: str | None = None) -> httpx.Response:
    return await intake.service(PATH, {"case_id": case_id} | ({"answer": answer} if answer else {}))


async def _checked(intake: Intake, case_id: str, answer: str | None = None) -> Any:
    response = await _ask(intake, case_id, answer)
    assert response.status_code == 200, response.text
    return response.json()


async def test_whoever_was_born_on_a_day_we_know_is_asked_for_it(intake: Intake, harbour: Lender) -> None:
    case_id = await harbour.place_one(rent_arrears(borrower=BORN))
    assert await _checked(intake, case_id) == {"kind": "born_on", "is_right": None}
    for answer, is_right in (("1985-03-09", True), ("1985-09-03", False), ("9 March 1985", False)):
        assert await _checked(intake, case_id, answer) == {"kind": "born_on", "is_right": is_right}


async def test_anybody_else_is_asked_for_the_whole_account_number(intake: Intake, harbour: Lender) -> None:
    """A notice shows its last signs, so those prove nothing."""
    case_id = await harbour.place_one(rent_arrears(account_number="HC-7/001 x", borrower=UNBORN))
    assert await _checked(intake, case_id) == {"kind": "account_number", "is_right": None}
    for answer, is_right in (("HC-7/001 x", True), ("hc7001X", True), ("001x", False), ("HC-7/001", False)):
        assert await _checked(intake, case_id, answer) == {"kind": "account_number", "is_right": is_right}


async def test_after_some_wrong_answers_even_the_right_one_is_not_looked_at(intake: Intake, harbour: Lender) -> None:
    case_id = await harbour.place_one(rent_arrears(borrower=BORN))
    for _ in range(FAILURES_MAX):
        assert (await _checked(intake, case_id, "1900-01-01"))["is_right"] is False
    assert (await _ask(intake, case_id, "1985-03-09")).status_code == 429
    assert (await _checked(intake, case_id))["kind"] == "born_on"


async def test_only_a_service_may_ask_and_only_about_a_case_there_is(intake: Intake, harbour: Lender) -> None:
    case_id = await harbour.place_one(rent_arrears(borrower=BORN))
    assert (await intake.service(PATH, {"case_id": case_id}, secret=b"another secret")).status_code == 401
    assert (await harbour.post(PATH, {"case_id": case_id})).status_code == 401
    assert (await _ask(intake, str(new_id()))).status_code == 404
    assert (await _ask(intake, case_id, "x" * 65)).status_code == 422
    person_id = (await intake.announced("case.received"))[0]["person_id"]
    await intake.staff(f"/v1/persons/{person_id}/erase")
    assert (await _ask(intake, case_id, "1985-03-09")).status_code == 404
