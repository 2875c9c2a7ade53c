"""Money in and out, as rules: facts that only grow, certain matches, amounts that may be paid, refunds by two."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.negotiation.domain.receipts.amounts import payable
from services.negotiation.domain.receipts.intents import Intent, Notice, NoticeKind, apply_notice
from services.negotiation.domain.receipts.matching import Known, match
from services.negotiation.domain.receipts.refunds import Refund, approved, ended, refused
from services.negotiation.settings import NegotiationSettings
from shared.kernel.refusal import Conflict, Invalid, NotAllowed

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
RENT, CAR, LOAN = (UUID(int=n) for n in (1, 2, 3))
PAID_AT = date(2026, 3, 2)

INTENT = Intent(
    payment_id=UUID(int=7),
    case_id=RENT,
    creditor_id=UUID(int=9),
    method="hosted",
    purpose="amount",
    instalment_number=None,
    amount=5_000,
    currency="USD",
    return_to="",
    requested_at=AT,
    expires_at=AT + timedelta(days=1),
    due_at=AT,
    state="started",
)
REFUND = Refund(
    refund_id=UUID(int=5),
    case_id=RENT,
    creditor_id=UUID(int=9),
    payment_id=INTENT.payment_id,
    amount=100,
    currency="USD",
    reason="overpaid",
    way="provider",
    state="requested",
    asked_by="mei",
    asked_at=AT,
)


def notice(kind: NoticeKind, amount: int = 5_000, currency: str = "USD") -> Notice:
    return Notice(f"n-{kind}", INTENT.payment_id, kind, amount, currency, PAID_AT)


@given(st.lists(st.sampled_from(["succeeded", "declined", "expired", "charged_back"]), max_size=8))
def test_notices_in_any_order_and_number_lead_to_the_same_state_and_effects(kinds: list[NoticeKind]) -> None:
    outcomes = set()
    for order in [kinds, kinds[::-1], sorted(kinds), kinds + kinds]:
        intent, effects = INTENT, []
        for kind in order:
            intent, _, effect = apply_notice(intent, notice(kind))
            effects.append(effect)
        assert effects.count("book") == ("succeeded" in kinds)
        assert effects.count("take_back") == ("charged_back" in kinds)
        outcomes.add((intent.is_paid, intent.is_charged_back))
    assert len(outcomes) == 1


@pytest.mark.parametrize("order", list(permutations(["succeeded", "declined", "charged_back"])))
def test_money_that_came_in_outranks_what_was_said_before(order: tuple[NoticeKind, ...]) -> None:
    intent = INTENT
    for kind in order:
        intent, _, _ = apply_notice(intent, notice(kind))
    assert (intent.state, intent.is_paid, intent.due_at) == ("charged_back", True, None)


@pytest.mark.parametrize("kind", ["succeeded", "charged_back"])
def test_a_notice_that_differs_in_amount_or_currency_has_no_effect(kind: NoticeKind) -> None:
    for wrong in (notice(kind, 4_999), notice(kind, 5_001), notice(kind, currency="EUR")):
        after, verdict, effect = apply_notice(INTENT, wrong)
        assert effect == "none"
        assert verdict in ("amount_differs", "currency_differs")
        assert replace(after, review=None) == INTENT


KNOWN = Known(currencies=((RENT, "USD"), (CAR, "USD"), (LOAN, "EUR")))


def test_one_case_named_by_reference_payment_or_id_is_certain() -> None:
    for known in (
        replace(KNOWN, by_reference=(RENT,)),
        replace(KNOWN, by_payment=(RENT,)),
        replace(KNOWN, by_case_id=(RENT,)),
        replace(KNOWN, by_reference=(RENT,), by_payment=(RENT,), by_case_id=(RENT,)),
    ):
        assert match("USD", known, True, ()).case_id == RENT


def test_two_debts_another_currency_or_only_an_amount_are_never_certain() -> None:
    assert match("USD", replace(KNOWN, by_reference=(RENT, CAR)), True, ()).why == "several_debts"
    assert match("USD", replace(KNOWN, by_reference=(RENT,), by_case_id=(CAR,)), True, ()).why == "several_debts"
    assert match("USD", replace(KNOWN, by_reference=(LOAN,)), True, ()).why == "currency_differs"
    only_amount = match("USD", KNOWN, False, (RENT,))
    assert (only_amount.case_id, only_amount.proposals) == (None, (RENT,))
    assert match("USD", KNOWN, True, ()).why == "reference_unknown"


@pytest.mark.parametrize(("wanted", "balance"), [(100, 100), (100, 50_000), (50_000, 50_000), (3, 3)])
def test_anything_from_one_unit_to_all_that_is_owed_may_be_paid(wanted: int, balance: int) -> None:
    assert payable(wanted, balance=balance, currency="USD", method_max=50_000) == wanted


@pytest.mark.parametrize(
    ("wanted", "balance", "codes"),
    [
        (99, 50_000, ["amount_too_small"]),
        (2, 3, ["amount_too_small"]),
        (50_001, 50_000, ["more_than_owed", "amount_above_limit"]),
        (50_001, 60_000, ["amount_above_limit"]),
    ],
)
def test_too_little_too_much_and_above_the_limit_are_refused_together(
    wanted: int, balance: int, codes: list[str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        payable(wanted, balance=balance, currency="USD", method_max=50_000)
    assert [reason.code for reason in refusal.value.reasons] == codes


def test_nothing_can_be_paid_where_nothing_is_owed() -> None:
    with pytest.raises(Conflict):
        payable(1, balance=0, currency="USD", method_max=None)


@pytest.mark.parametrize("decide", [approved, refused])
def test_a_refund_is_decided_once_and_by_somebody_else(decide: object) -> None:
    assert callable(decide)
    with pytest.raises(NotAllowed):
        decide(REFUND, "mei", AT)
    decided = decide(REFUND, "omar", AT)
    assert decided.checked_by == "omar"
    with pytest.raises(Conflict):
        decide(decided, "noor", AT)


def test_the_end_of_a_refund_stands() -> None:
    settled = ended(replace(REFUND, state="sending"), "settled")
    assert ended(settled, "failed") == settled
    assert ended(replace(REFUND, state="refused"), "settled").state == "refused"


def test_a_provider_without_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="PAYMENT_PROVIDER_URL"):
        NegotiationSettings(payment_provider="hosted")
