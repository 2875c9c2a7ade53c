"""What any payment provider behind our port must do, tried against the sandbox's over real HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from services.negotiation.adapters.hosted_payments import HostedPayments
from services.negotiation.application.receipts_ports import (
    PaymentOrder,
    PaymentProvider,
    ProviderAway,
    ProviderRefused,
)
from services.negotiation.domain.receipts.refunds import Refund
from tests.integration.negotiation.cashier import SECRET, Cashier


def order(cashier: Cashier, amount: int = 5_000, language: str = "en") -> PaymentOrder:
    return PaymentOrder(
        payment_id=uuid4(),
        amount=amount,
        currency="USD",
        description="RF00 TEST",
        return_to="",
        language=language,
        expires_at=cashier.office.now + timedelta(hours=1),
    )


def refund(cashier: Cashier, payment_id: UUID, amount: int) -> Refund:
    return Refund(
        refund_id=uuid4(),
        case_id=uuid4(),
        creditor_id=uuid4(),
        payment_id=payment_id,
        amount=amount,
        currency="USD",
        reason="overpaid",
        way="provider",
        state="sending",
        asked_by="mei",
        asked_at=cashier.office.now,
    )


async def test_the_same_payment_id_is_the_same_payment(cashier: Cashier) -> None:
    provider: PaymentProvider = cashier.money.provider
    wanted = order(cashier)
    first = await provider.start(wanted)
    assert await provider.start(replace(wanted, amount=9_999)) == first
    known = await provider.look(wanted.payment_id)
    assert (known.state, known.amount, known.started) == ("open", 5_000, first)


async def test_a_payment_it_never_heard_of_is_unknown(cashier: Cashier) -> None:
    assert (await cashier.money.provider.look(uuid4())).state == "unknown"
    assert await cashier.money.provider.look_refund(uuid4()) == "unknown"


@pytest.mark.parametrize(("decision", "state"), [("pay", "succeeded"), ("decline", "declined"), ("leave", "open")])
async def test_what_was_pressed_is_what_it_says(cashier: Cashier, decision: str, state: str) -> None:
    wanted = order(cashier)
    started = await cashier.money.provider.start(wanted)
    await cashier.outside.post(started.address, data={"decision": decision})
    await cashier.outside.post(started.address, data={"decision": "decline" if decision == "pay" else "leave"})
    assert (await cashier.money.provider.look(wanted.payment_id)).state == state


async def test_it_runs_out(cashier: Cashier) -> None:
    wanted = order(cashier)
    await cashier.money.provider.start(wanted)
    cashier.office.advance(minutes=59)
    assert (await cashier.money.provider.look(wanted.payment_id)).state == "open"
    cashier.office.advance(minutes=1)
    assert (await cashier.money.provider.look(wanted.payment_id)).state == "expired"


async def test_refunds_are_once_each_and_never_more_than_was_paid(cashier: Cashier) -> None:
    provider = cashier.money.provider
    wanted = order(cashier)
    started = await provider.start(wanted)
    assert await provider.refund(refund(cashier, wanted.payment_id, 1)) == "failed"
    await cashier.outside.post(started.address, data={"decision": "pay"})
    part = refund(cashier, wanted.payment_id, 3_000)
    assert [await provider.refund(part) for _ in range(3)] == ["refunded"] * 3
    assert await provider.look_refund(part.refund_id) == "refunded"
    assert await provider.refund(refund(cashier, wanted.payment_id, 2_001)) == "failed"
    assert await provider.refund(refund(cashier, wanted.payment_id, 2_000)) == "refunded"


async def test_a_stranger_may_not_call_it(cashier: Cashier) -> None:
    stranger = HostedPayments(
        cashier.outside, f"{cashier.url}/sandbox/provider", b"guessed", cashier.office.databases.clock
    )
    with pytest.raises(ProviderRefused):
        await stranger.start(order(cashier))


async def test_silence_is_not_an_answer(cashier: Cashier) -> None:
    async with httpx.AsyncClient() as client:
        nobody = HostedPayments(client, "http://127.0.0.1:9", SECRET, cashier.office.databases.clock)
        with pytest.raises(ProviderAway):
            await nobody.look(uuid4())
    with pytest.raises(ProviderAway):
        await cashier.money.provider.start(order(cashier, amount=1_912))
    lost = order(cashier, amount=1_913)
    with pytest.raises(ProviderAway):
        await cashier.money.provider.start(lost)
    assert (await cashier.money.provider.look(lost.payment_id)).state == "open"


async def test_the_page_speaks_both_languages_and_needs_no_script(cashier: Cashier) -> None:
    for language, word in (("en", "Pay"), ("zh", "付款")):
        started = await cashier.money.provider.start(order(cashier, language=language))
        page = await cashier.outside.get(started.address)
        assert word in page.text
        assert "script" not in page.headers["content-security-policy"].replace("default-src 'none'", "")
        assert "card" not in page.text.replace("no card is asked for", "")
        assert 'type="text"' not in page.text
    gone = await cashier.outside.get(f"{cashier.url}/sandbox/pay/SP{'0' * 20}")
    assert gone.status_code == 404
