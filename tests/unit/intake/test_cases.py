"""When a case may be recalled, and what makes a reported payment acceptable."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.intake.domain.case import Case, PlanHistory
from services.intake.domain.payment import (
    KnownPayment,
    ReportedPayment,
    is_same,
    reasons_against,
    reasons_against_reversal,
)
from services.intake.domain.refusals import CaseNotOpen, LicenceExpired, PlanBeingKept
from shared.kernel.identifiers import new_id
from tests.unit.intake.builders import HARBOUR_CREDIT, TODAY

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=40)
OPEN_CASE = Case(new_id(), HARBOUR_CREDIT.creditor_id, new_id(), new_id(), "USD", "open", PlanHistory())
PAYMENT = ReportedPayment("P-1", OPEN_CASE.case_id, None, 5_000, "USD", TODAY, None)
KNOWN = KnownPayment(new_id(), OPEN_CASE.case_id, 5_000, "USD", TODAY, None, None)


@pytest.mark.parametrize(
    ("plan", "is_kept"),
    [
        (PlanHistory(), False),
        (PlanHistory(agreed_at=NOON), True),
        (PlanHistory(agreed_at=NOON, broken_at=LATER), False),
        (PlanHistory(agreed_at=LATER, broken_at=NOON), True),
        (PlanHistory(agreed_at=NOON, completed_at=LATER), False),
        (PlanHistory(broken_at=NOON), False),
    ],
)
def test_a_recall_that_breaks_a_kept_plan_needs_force(plan: PlanHistory, is_kept: bool) -> None:
    case = replace(OPEN_CASE, plan=plan)
    case.must_be_recallable(force=True)
    if is_kept:
        with pytest.raises(PlanBeingKept):
            case.must_be_recallable(force=False)
    else:
        case.must_be_recallable(force=False)


@pytest.mark.parametrize("status", ["recalled", "closed"])
def test_not_even_force_recalls_a_case_that_is_not_open(status: str) -> None:
    with pytest.raises(CaseNotOpen):
        replace(OPEN_CASE, status=status).must_be_recallable(force=True)


def test_a_licence_holds_on_its_last_day_and_no_longer() -> None:
    HARBOUR_CREDIT.must_be_licensed_on(date(2027, 12, 31))
    with pytest.raises(LicenceExpired):
        HARBOUR_CREDIT.must_be_licensed_on(date(2028, 1, 1))


def test_a_sound_payment_has_nothing_against_it() -> None:
    assert reasons_against(PAYMENT, OPEN_CASE, TODAY) == []
    assert reasons_against(replace(PAYMENT, received_on=TODAY + timedelta(days=1)), OPEN_CASE, TODAY) == []


def test_every_reason_against_a_payment_is_given_at_once() -> None:
    wrong = replace(PAYMENT, currency="CNY", received_on=TODAY + timedelta(days=2))
    found = {reason.code for reason in reasons_against(wrong, OPEN_CASE, TODAY)}
    assert found == {"currency_differs", "received_in_future"}
    assert [reason.code for reason in reasons_against(wrong, None, TODAY)] == ["case_unknown"]


def test_a_payment_for_a_case_that_was_recalled_is_taken() -> None:
    assert reasons_against(PAYMENT, replace(OPEN_CASE, status="recalled"), TODAY) == []


@pytest.mark.parametrize(
    ("reversed_payment", "code"),
    [
        (None, "reversed_payment_unknown"),
        (replace(KNOWN, reversed_by=new_id()), "reversed_already"),
        (replace(KNOWN, reverses_payment_id=new_id()), "reversal_of_reversal"),
        (replace(KNOWN, amount_minor_units=5_001), "reversal_in_part"),
        (KNOWN, None),
    ],
)
def test_a_reversal_takes_back_one_known_payment_in_full_and_once(
    reversed_payment: KnownPayment | None, code: str | None
) -> None:
    reversal = replace(PAYMENT, reference="P-2", reverses_reference="P-1")
    found = [reason.code for reason in reasons_against_reversal(reversal, reversed_payment)]
    assert found == ([code] if code else [])


def test_a_report_is_the_same_again_only_if_nothing_in_it_changed() -> None:
    assert is_same(PAYMENT, KNOWN, OPEN_CASE.case_id)
    assert not is_same(replace(PAYMENT, amount_minor_units=5_001), KNOWN, OPEN_CASE.case_id)
    assert not is_same(replace(PAYMENT, received_on=TODAY - timedelta(days=1)), KNOWN, OPEN_CASE.case_id)
    assert not is_same(replace(PAYMENT, reverses_reference="P-0"), KNOWN, OPEN_CASE.case_id)
    assert not is_same(PAYMENT, KNOWN, new_id())
