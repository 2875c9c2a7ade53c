"""Facts with faces: lives as reporting hears them, and single facts of one case of Harbour Credit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.reporting.application.record_events import fact_of
from services.reporting.domain.facts import Fact
from tests.conformance.lives import HARBOUR_CREDIT, Life

RENT_ARREARS = UUID("01900000-0000-7000-8000-0000000a0001")
PERSON = UUID("01900000-0000-7000-8000-0000000b0001")
BATCH = UUID("01900000-0000-7000-8000-0000000d0001")
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def facts_of(life: Life) -> list[Fact]:
    return [fact for said in life.said if (fact := fact_of(said.event)).is_about_a_case]


def at_one_moment(facts: Sequence[Fact]) -> list[Fact]:
    """The same facts as a driven clock that stands still would date them: only their ids tell which came first."""
    return [
        replace(fact, occurred_at=MORNING, event_id=UUID(int=(n + 1) << 80 | fact.event_id.int & ((1 << 80) - 1)))
        for n, fact in enumerate(facts)
    ]


class Story:
    """Facts about the case `rent_arrears`, one hour after the other unless said otherwise."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.at = MORNING

    def tell(self, event_type: str, at: datetime | None = None, **body: Any) -> Fact:
        self.at = at or self.at + timedelta(hours=1)
        number = len(self.facts) + 1
        fact = Fact(
            event_id=UUID(int=(number << 80) | number),
            type=event_type,
            key=RENT_ARREARS,
            occurred_at=self.at,
            sequence=1 + sum(fact.type == event_type for fact in self.facts),
            correlation_id=UUID(int=1),
            causation_id=None,
            trace_id=f"{number:032x}",
            body={"case_id": str(RENT_ARREARS), "creditor_id": str(HARBOUR_CREDIT), **body},
        )
        self.facts.append(fact)
        return fact

    def placed(self, principal: int = 100_000, fees: int = 0, **changed: Any) -> Fact:
        body: dict[str, Any] = {
            "person_id": str(PERSON),
            "batch_id": str(BATCH),
            "currency": "USD",
            "jurisdiction": "US",
            "product": "personal_loan",
            "provenance": "generated",
            "placed_on": "2026-03-02",
            "days_past_due": 45,
            "balance": balance(principal, fees=fees),
        }
        return self.tell("case.received", **{**body, **changed})

    def paid(self, amount: int, left: int, *, overpaid: int = 0, payment: int = 1, **more: Any) -> Fact:
        return self.tell(
            "payment.posted",
            payment_id=str(UUID(int=payment)),
            plan_id=None,
            currency="USD",
            amount=amount,
            allocated=balance(amount - overpaid),
            overpaid=overpaid,
            balance=balance(left),
            **{"received_on": self.at.date().isoformat(), **more},
        )

    def taken_back(self, amount: int, left: int, *, payment: int = 1) -> Fact:
        return self.tell(
            "payment.reversed",
            payment_id=str(UUID(int=payment)),
            reversal_id=str(UUID(int=payment + 1000)),
            currency="USD",
            amount=amount,
            balance=balance(left),
            reversed_at=self.at.isoformat(),
        )

    def agreed(self, plan: int = 1, total: int = 90_000) -> Fact:
        return self.tell("plan.agreed", plan_id=str(UUID(int=plan)), terms={"kind": "instalments", "total": total})

    def kept(self, plan: int = 1, paid: int = 90_000, waived: int = 10_000) -> Fact:
        return self.tell("plan.completed", plan_id=str(UUID(int=plan)), paid=paid, waived=waived, currency="USD")

    def broken(self, plan: int = 1) -> Fact:
        return self.tell("default.detected", plan_id=str(UUID(int=plan)), kind="missed")

    def withdrawn(self, plan: int = 1) -> Fact:
        return self.tell("plan.withdrawn", plan_id=str(UUID(int=plan)), is_refund_asked=False)

    def adjusted(self, kind: str, left: int, *, amount: int = 0, overpaid: int = 0, payment: int | None = None) -> Fact:
        return self.tell(
            "books.adjusted",
            kind=kind,
            payment_id=None if payment is None else str(UUID(int=payment)),
            currency="USD",
            amount=amount,
            balance=balance(left),
            overpaid=overpaid,
        )

    def remitted(self, gross: int, *, set_off: int = 0) -> Fact:
        return self.tell("payment.remitted", currency="USD", gross=gross, commission=gross // 10, set_off=set_off)

    def held(self, hold: int = 1, kind: str = "dispute") -> Fact:
        return self.tell("hold.applied", hold_id=str(UUID(int=hold)), kind=kind)

    def released(self, hold: int = 1, kind: str = "dispute") -> Fact:
        return self.tell("hold.released", hold_id=str(UUID(int=hold)), kind=kind)

    def closed(self, reason: str = "plan_completed") -> Fact:
        return self.tell("case.closed", reason=reason, clearance_code=None if reason == "recalled" else "H4RB0UR")

    def recalled(self) -> Fact:
        return self.tell("case.recalled", reason="paid_creditor")


def balance(principal: int, *, fees: int = 0, interest: int = 0) -> Mapping[str, int]:
    return {"fees": fees, "interest": interest, "principal": principal}
