"""From the last payment to a corrected credit record and a calm question, and back when money is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pypdf
import pytest

from services.negotiation.application.follow_clearances import follow_clearances
from services.negotiation.application.fresh_start_ports import BureauAway, CorrectionFile
from services.negotiation.application.send_corrections import fetch_answers, send_corrections
from services.negotiation.domain.fresh_start.corrections import ATTEMPTS_MAX
from tests.integration.negotiation.office import STAFF, Office, payment

PAY_DAY = date(2026, 3, 3)


class BrokenBureau:
    """Away, whoever asks."""

    def __init__(self) -> None:
        self.tries = 0

    async def hand_over(self, file: CorrectionFile) -> None:
        self.tries += 1
        raise BureauAway("away")

    async def answers(self, corrections: Any, now: Any) -> Any:
        raise BureauAway("away")


async def cleared(office: Office) -> tuple[UUID, UUID]:
    """A case paid in full; answers with case and payment."""
    case_id = await office.take_on()
    return case_id, await office.pay(case_id, 125_500, PAY_DAY)


async def fresh_start(office: Office, case_id: UUID) -> dict[str, Any]:
    office.entered.clear()
    answer = await office.api.get("/v1/borrower/fresh-start?lang=en", headers=await office.enter(case_id))
    assert answer.status_code == 200, answer.text
    seen: dict[str, Any] = answer.json()
    return seen


async def staff(office: Office, path: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await office.api.get(f"/v1/{path}", headers=STAFF)).json()
    return answer


async def test_a_cleared_case_is_followed_once(office: Office) -> None:
    case_id, _ = await cleared(office)
    assert await follow_clearances(office.worker.begin) == 1
    assert await follow_clearances(office.worker.begin) == 0
    seen = await fresh_start(office, case_id)
    assert seen["correction"]["state"] == "requested"
    assert seen["correction"]["outcome"] == "paid_in_full"
    assert seen["question"] is None
    assert seen["hints"]


async def test_a_kept_plan_with_a_discount_was_paid_for_less(office: Office) -> None:
    case_id = await office.take_on()
    plan = await office.agree(case_id, "lump_sum")
    await office.pay(case_id, plan["terms"]["total"], PAY_DAY)
    await follow_clearances(office.worker.begin)
    [row] = await office.rows("SELECT outcome, waived_minor_units FROM corrections")
    assert row["waived_minor_units"] == plan["terms"]["discount"]
    assert row["outcome"] == ("paid_for_less" if plan["terms"]["discount"] else "paid_in_full")


async def test_a_request_is_sent_once_and_answered_after_some_days(office: Office) -> None:
    case_id, _ = await cleared(office)
    await follow_clearances(office.worker.begin)
    assert await send_corrections(office.worker) == 1
    assert await send_corrections(office.worker) == 0
    assert (await fresh_start(office, case_id))["correction"]["state"] == "sent"
    office.advance(days=9)
    assert await fetch_answers(office.worker) == 1
    assert (await fresh_start(office, case_id))["correction"]["answer"] is None
    office.advance(days=1)
    assert await fetch_answers(office.worker) == 1
    correction = (await fresh_start(office, case_id))["correction"]
    assert (correction["state"], correction["answer"]) == ("answered", "corrected")
    office.advance(days=30)
    assert await fetch_answers(office.worker) == 0


async def test_a_bureau_that_stays_away_is_tried_eight_times_and_then_people_look(office: Office) -> None:
    case_id, _ = await cleared(office)
    await follow_clearances(office.worker.begin)
    bureau = BrokenBureau()
    resources = replace(office.worker, bureau=bureau)
    for _ in range(ATTEMPTS_MAX + 3):
        await send_corrections(resources)
        assert await send_corrections(resources) == 0, "not again before its time"
        office.advance(days=3)
    assert bureau.tries == ATTEMPTS_MAX
    [failed] = (await staff(office, "corrections?state=failed"))["corrections"]
    assert failed["case_id"] == str(case_id)
    letter = await office.api.get(f"/v1/corrections/{failed['correction_id']}/letter", headers=STAFF)
    assert "correct a credit record" in pypdf.PdfReader(BytesIO(letter.content)).pages[0].extract_text()
    for path, body in (("sent", None), ("answer", {"answer": "corrected"}), ("answer", {"answer": "corrected"})):
        done = await office.api.post(f"/v1/corrections/{failed['correction_id']}/{path}", json=body, headers=STAFF)
        assert done.status_code == 200, done.text
    other = await office.api.post(
        f"/v1/corrections/{failed['correction_id']}/answer", json={"answer": "refused"}, headers=STAFF
    )
    assert (other.status_code, other.json()["code"]) == (409, "correction_decided")


async def test_a_clearance_that_was_withdrawn_is_neither_sent_nor_asked_about(office: Office) -> None:
    case_id, paid = await cleared(office)
    await follow_clearances(office.worker.begin)
    await office.hear(payment(case_id, 125_500, PAY_DAY, reverses=paid))
    await send_corrections(office.worker)
    seen = await fresh_start(office, case_id)
    assert seen["correction"]["state"] == "cancelled"
    assert seen["clearance"]["status"] == "withdrawn"
    office.advance(days=40)
    assert (await fresh_start(office, case_id))["question"] is None
    assert (await staff(office, "aftercare?due=2026-12-31"))["check_ins"] == []


async def test_the_question_waits_on_the_page_from_its_day_on_and_in_the_list_of_staff(office: Office) -> None:
    case_id, _ = await cleared(office)
    await follow_clearances(office.worker.begin)
    assert (await staff(office, "aftercare?due=2026-03-31"))["check_ins"] == []
    office.advance(days=30)
    assert (await fresh_start(office, case_id))["question"]["days"] == 30
    [open_one] = (await staff(office, "aftercare?due=2026-04-01"))["check_ins"]
    assert open_one["case_id"] == str(case_id)
    answer = await office.api.post(
        "/v1/borrower/fresh-start/questions/30", json={"answer": "well"}, headers=await office.enter(case_id)
    )
    assert answer.json()["state"] == "well"
    assert (await fresh_start(office, case_id))["question"] is None
    again = await office.api.post(f"/v1/cases/{case_id}/aftercare/30", json={"answer": "passed_over"}, headers=STAFF)
    assert again.status_code == 409
    help_wanted = await office.api.post(
        "/v1/borrower/fresh-start/questions/30", json={"answer": "needs_help"}, headers=await office.enter(case_id)
    )
    assert help_wanted.status_code == 200, "well yesterday, and not today"
    [wanted] = (await staff(office, "aftercare?due=2026-04-01&state=needs_help"))["check_ins"]
    assert wanted["case_id"] == str(case_id)
    unknown = await office.api.post(f"/v1/cases/{case_id}/aftercare/31", json={"answer": "well"}, headers=STAFF)
    assert unknown.status_code == 404


@pytest.mark.parametrize("path", ["aftercare?due=2026-04-01", "corrections", f"corrections/{uuid4()}/letter"])
async def test_lists_and_letters_are_for_staff(office: Office, path: str) -> None:
    assert (await office.api.get(f"/v1/{path}")).status_code == 401


async def test_what_is_not_cleared_has_no_fresh_start(office: Office) -> None:
    case_id = await office.take_on()
    answer = await office.api.get("/v1/borrower/fresh-start", headers=await office.enter(case_id))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_cleared")
    assert await follow_clearances(office.worker.begin) == 0
