"""When a case is assessed, what is kept, and what is said to others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from docs.generators.examples import example_events
from services.assessment.adapters.model_files import read_model
from services.assessment.application import end_assessment, learn_facts
from services.assessment.application.assess_received_cases import assess_received_cases
from services.assessment.application.assessing import CaseFileMissing, assessment_sha256, canonical_bytes
from services.assessment.application.forget_person import forget_person
from services.assessment.application.list_assessments import list_assessments
from services.assessment.domain.assessment import assess
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.case_updated import CaseUpdated
from shared.events.envelope import Event
from shared.events.person_erased import PersonErased
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import NotFound
from tests.support.events import HARBOUR_CREDIT, case_received
from tests.unit.assessment.builders import (
    AT,
    TODAY,
    MemoryWork,
    announced,
    borrower_replied,
    contact_attempted,
    default_detected,
    payment_posted,
    plan_agreed,
    plan_completed,
    plan_slipped,
    plan_withdrawn,
    relief_ended,
    rent_arrears,
)

MODEL = read_model().model
EXAMPLES: dict[str, Event[Any]] = {**example_events()}


async def received(work: MemoryWork, **changes: Any) -> UUID:
    body = case_received().model_copy(update=changes)
    await assess_received_cases(work, MODEL, [announced(body)])
    return body.case_id


async def test_a_received_case_is_assessed_and_announced_once() -> None:
    work = MemoryWork()
    event = announced(case_received())
    await assess_received_cases(work, MODEL, [event])
    await assess_received_cases(work, MODEL, [event])
    [(body, cause)] = work.said
    assert cause is event
    assert (body.case_id, body.creditor_id, body.trigger) == (event.key, HARBOUR_CREDIT, "case.received")
    assert body.stage == "mid"
    [kept] = work.assessments.rows
    assert kept.assessment_id == body.assessment_id
    assert kept.is_announced


async def test_many_cases_in_one_batch_are_each_assessed() -> None:
    work = MemoryWork()
    await assess_received_cases(work, MODEL, [announced(case_received()) for _ in range(50)])
    assert len({body.case_id for body, _ in work.said}) == 50


async def test_a_contact_that_changes_no_treatment_is_not_announced() -> None:
    """Else a contact would lead to an assessment, that to a contact, and so on for ever."""
    work = MemoryWork()
    case_id = await received(work)
    for _ in range(5):
        await learn_facts.learn_contacts(work, MODEL, [announced(contact_attempted(case_id))])
    assert len(work.said) == 1
    assert work.case_files.rows[case_id].facts.contacts == 5


async def test_however_often_a_borrower_is_contacted_announcements_come_to_an_end() -> None:
    work = MemoryWork()
    case_id = await received(work)
    for _ in range(100):
        await learn_facts.learn_contacts(work, MODEL, [announced(contact_attempted(case_id))])
    assert len(work.said) <= 3


async def test_points_that_change_no_treatment_are_kept_and_not_announced() -> None:
    work = MemoryWork()
    case_id = await received(work, debt_to_income=3_500)
    await learn_facts.learn_replies(work, MODEL, [announced(borrower_replied(case_id, "question"))])
    assert len(work.said) == 1
    assert [kept.is_announced for kept in work.assessments.rows] == [True, False]


async def test_a_hardship_told_in_a_reply_is_announced_at_once() -> None:
    work = MemoryWork()
    case_id = await received(work)
    event = announced(borrower_replied(case_id, "hardship", "illness"))
    await learn_facts.learn_replies(work, MODEL, [event])
    body, cause = work.said[-1]
    assert cause is event
    assert (body.arrears_cause, body.is_vulnerable, body.strategy) == ("illness", True, "care")


async def test_every_default_is_announced_even_if_nothing_else_changes() -> None:
    work = MemoryWork()
    case_id = await received(work)
    await learn_facts.learn_agreed_plans(work, MODEL, [announced(plan_agreed(case_id))])
    said_before = len(work.said)
    later = AT + timedelta(days=40)
    defaults = [announced(default_detected(case_id), at=later) for _ in range(2)]
    await learn_facts.learn_defaults(work, MODEL, defaults)
    after = work.said[said_before:]
    assert [cause for _, cause in after] == defaults
    assert {body.strategy for body, _ in after} == {"plan_rescue"}


async def test_a_completed_plan_is_kept_and_told_to_nobody() -> None:
    work = MemoryWork()
    # Facts with which the completion alone changes the treatment.
    case_id = await received(work, debt_to_income=1_500, instalments_missed=0, days_past_due=20)
    await learn_facts.learn_agreed_plans(work, MODEL, [announced(plan_agreed(case_id))])
    said_before, key_before = len(work.said), work.case_files.rows[case_id].announced_key
    await learn_facts.learn_completed_plans(work, MODEL, [announced(plan_completed(case_id))])
    kept = work.assessments.rows[-1]
    assert (kept.trigger, kept.is_announced) == ("plan.completed", False)
    assert kept.assessment.treatment_key != key_before
    assert len(work.said) == said_before


async def test_a_plan_withdrawn_from_leaves_the_case_as_it_was() -> None:
    work = MemoryWork()
    case_id = await received(work)
    before = work.said[-1][0]
    plan = plan_agreed(case_id)
    await learn_facts.learn_agreed_plans(work, MODEL, [announced(plan)])
    assert work.said[-1][0].segment == "plan_in_hand"
    withdrawal = announced(plan_withdrawn(plan))
    await learn_facts.learn_withdrawn_plans(work, MODEL, [withdrawal])
    after, cause = work.said[-1]
    assert cause is withdrawal
    assert (after.segment, after.strategy, after.willingness) == (before.segment, before.strategy, before.willingness)


async def test_each_early_sign_of_a_plan_is_announced_once() -> None:
    work = MemoryWork()
    case_id, plan_id = await received(work), new_id()
    said_before = len(work.said)
    signs = [
        announced(plan_slipped(case_id, plan_id, signal, count))
        for count in range(2, 12)
        for signal in ("later_each_time", "smaller_each_time")
    ]
    signs += [announced(plan_slipped(case_id, None, "serial_promises", count)) for count in (3, 4)]
    await learn_facts.learn_early_signs(work, MODEL, signs[:5])
    await learn_facts.learn_early_signs(work, MODEL, [*signs[5:], *signs])
    assert [cause for _, cause in work.said[said_before:]] == [signs[0], signs[1], signs[20]]
    assert [kept.trigger for kept in work.assessments.rows[-3:]] == ["plan.slipped"] * 3


async def test_the_end_of_relief_is_told_only_where_the_treatment_has_changed_meanwhile() -> None:
    work = MemoryWork()
    case_id = await received(work)
    said_before = len(work.said)
    await learn_facts.learn_ended_reliefs(work, MODEL, [announced(relief_ended(case_id))])
    assert len(work.said) == said_before
    work.now += timedelta(days=90)
    later = announced(relief_ended(case_id), at=work.now)
    await learn_facts.learn_ended_reliefs(work, MODEL, [later, later])
    assert [(body.stage, body.trigger) for body, _ in work.said[said_before:]] == [("late", "relief.ended")]


async def test_a_payment_heard_before_its_plan_gives_the_same_result() -> None:
    results = []
    for plan_first in (True, False):
        work = MemoryWork()
        case_id = await received(work)
        steps = [
            lambda w=work, c=case_id: learn_facts.learn_agreed_plans(w, MODEL, [announced(plan_agreed(c))]),
            lambda w=work, c=case_id: learn_facts.learn_payments(w, MODEL, [announced(payment_posted(c))]),
        ]
        for step in steps if plan_first else reversed(steps):
            await step()
        results.append(work.assessments.rows[-1].sha256)
    assert results[0] == results[1]


async def test_where_a_batch_ends_makes_no_difference() -> None:
    case = case_received()
    events = [announced(contact_attempted(case.case_id)) for _ in range(8)]
    outcomes = []
    for size in (1, 3, 8):
        work = MemoryWork()
        await assess_received_cases(work, MODEL, [announced(case)])
        for start in range(0, len(events), size):
            await learn_facts.learn_contacts(work, MODEL, events[start : start + size])
        kept = [(row.sha256, row.is_announced) for row in work.assessments.rows]
        outcomes.append((kept, [cause.event_type for _, cause in work.said]))
    assert outcomes[0] == outcomes[1] == outcomes[2]


async def test_a_stage_passed_by_time_shows_at_the_next_event() -> None:
    work = MemoryWork()
    case_id = await received(work)
    work.now = AT + timedelta(days=46)
    await learn_facts.learn_contacts(work, MODEL, [announced(contact_attempted(case_id))])
    assert [body.stage for body, _ in work.said] == ["mid", "late"]


async def test_the_day_is_the_borrower_s() -> None:
    """23:30 in New York on the 45th day is already the 46th in UTC; 16 January + 90 days is 16 April."""
    work = MemoryWork(now=AT.replace(month=4, day=17, hour=3, minute=30))
    await received(work)
    assert work.said[0][0].stage == "mid"


@pytest.mark.parametrize("named", ["", "America", "..", "/etc/passwd", "Mars/Olympus", "a" * 64, "Zone\x00"])
async def test_a_zone_that_is_none_gives_way_to_the_jurisdiction_s(named: str) -> None:
    work = MemoryWork()
    point = case_received().contact_points[0].model_copy(update={"time_zones": (named,)})
    case_id = await received(work, contact_points=(point,))
    assert work.case_files.rows[case_id].facts.time_zone == "America/New_York"


async def test_the_creditor_s_new_days_past_due_are_believed() -> None:
    work = MemoryWork()
    case_id = await received(work)
    update = CaseUpdated(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        balance=None,
        days_past_due=12,
        contact_points=None,
        mandate=None,
    )
    await learn_facts.learn_updates(work, MODEL, [announced(update)])
    assert work.said[-1][0].stage == "early"


@pytest.mark.parametrize("ending", ["recalled", "closed"])
async def test_an_ended_case_is_not_assessed_any_more(ending: str) -> None:
    work = MemoryWork()
    case_id = await received(work)
    if ending == "recalled":
        recalled = CaseRecalled(case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="sold", recalled_at=AT)
        await end_assessment.end_recalled(work, [announced(recalled)])
    else:
        closed = CaseClosed(
            case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="paid_in_full", closed_at=AT, clearance_code=None
        )
        await end_assessment.end_closed(work, [announced(closed)])
    await learn_facts.learn_defaults(work, MODEL, [announced(default_detected(case_id))])
    assert len(work.said) == len(work.assessments.rows) == 1
    assert work.case_files.rows[case_id].facts.plans_broken == 1


async def test_the_first_end_of_a_case_stands() -> None:
    work = MemoryWork()
    case_id = await received(work)
    recalled = CaseRecalled(case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="sold", recalled_at=AT)
    closed = CaseClosed(
        case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="recalled", closed_at=AT, clearance_code=None
    )
    await end_assessment.end_recalled(work, [announced(recalled)])
    await end_assessment.end_closed(work, [announced(closed)])
    assert work.case_files.rows[case_id].status == "recalled"


async def test_an_event_of_a_case_without_a_file_is_an_error() -> None:
    with pytest.raises(CaseFileMissing):
        await learn_facts.learn_contacts(MemoryWork(), MODEL, [announced(contact_attempted(new_id()))])


def test_the_same_facts_give_the_same_bytes() -> None:
    first, second = (assess(rent_arrears(), read_model().model, TODAY) for _ in range(2))
    assert canonical_bytes(first) == canonical_bytes(second)
    other = assess(rent_arrears(employment_years=0), MODEL, TODAY)
    assert assessment_sha256(other) != assessment_sha256(first)


async def test_the_published_examples_of_case_received_and_case_assessed_belong_together() -> None:
    work = MemoryWork(now=EXAMPLES["case.received"].occurred_at)
    await assess_received_cases(work, MODEL, [EXAMPLES["case.received"]])
    [(body, _)] = work.said
    published = EXAMPLES["case.assessed"].body
    assert body.model_dump(exclude={"assessment_id"}) == published.model_dump(exclude={"assessment_id"})


async def test_an_unknown_case_has_no_assessments() -> None:
    with pytest.raises(NotFound):
        await list_assessments(MemoryWork(), new_id(), limit=5)


async def test_the_newest_assessment_comes_first() -> None:
    work = MemoryWork()
    case_id = await received(work)
    await learn_facts.learn_replies(work, MODEL, [announced(borrower_replied(case_id, "promise"))])
    found = await list_assessments(work, case_id, limit=1)
    assert [kept.trigger for kept in found.assessments] == ["borrower.replied"]


def erased(*case_ids: UUID) -> Event[Any]:
    return announced(PersonErased(person_id=new_id(), creditor_id=HARBOUR_CREDIT, case_ids=case_ids, erased_at=AT))


async def test_an_erased_person_leaves_no_facts_and_no_assessments_behind() -> None:
    work = MemoryWork()
    case = await received(work, arrears_cause="illness")
    other = await received(work)
    await forget_person(work, [erased(case)])
    facts = (await work.case_files.load([case]))[case].facts
    assert (facts.annual_income_minor_units, facts.lender_cause, facts.is_vulnerable) == (None, "unknown", False)
    assert {row.case_id for row in work.assessments.rows} == {other}


async def test_nothing_is_learnt_of_an_erased_person_any_more_whatever_comes_late() -> None:
    work = MemoryWork()
    late = case_received()
    await forget_person(work, [erased(late.case_id)])
    await assess_received_cases(work, MODEL, [announced(late)])
    await learn_facts.learn_replies(work, MODEL, [announced(borrower_replied(late.case_id, "hardship", "illness"))])
    assert work.said == []
    assert (await work.case_files.load([late.case_id]))[late.case_id].facts.replies == 0
