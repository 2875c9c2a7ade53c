"""Bodies of requests and answers over HTTP. Amounts are minor units; the keys of terms are those of the events."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.negotiation.application.announcements import terms_contract, terms_of
from services.negotiation.application.answer_counter_offer import CounterAnswer
from services.negotiation.application.ports import Clearance, Offer, Step
from services.negotiation.application.show_case import CaseView, LedgerView, PlanView
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.counter_offers import Wish
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.offers import compare, facts_of
from services.negotiation.entrypoints.wording import reason_text

Amount = Annotated[int, Field(gt=0, le=10**15, strict=True)]
Months = Annotated[int, Field(ge=1, le=600, strict=True)]

FIELDS_OF: dict[str, frozenset[str]] = {
    "lump_sum": frozenset({"lump_sum_minor_units"}),
    "instalments": frozenset({"monthly_minor_units", "months", "form", "steps"}),
    "hardship_pause": frozenset({"pause_months"}),
}


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class AcceptRequest(Closed):
    """The hash of the terms that were shown; better also that of the whole text (`.../offers/{id}/agreement`)."""

    terms_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    text_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    language: Literal["en", "zh"] | None = None


class StepBody(Closed):
    """So many monthly payments of one amount."""

    count: Months
    amount_minor_units: Amount


class CounterOfferRequest(Closed):
    """What the borrower proposes: figures of one kind only.

    `monthly_minor_units` is one payment and `months` the number of payments, of whatever `frequency` is. A `form` asks
    us to draw one up; `steps` are the borrower's own, in months, and must pay the whole debt.
    """

    kind: Literal["lump_sum", "instalments", "hardship_pause"]
    monthly_minor_units: Amount | None = None
    months: Months | None = None
    lump_sum_minor_units: Amount | None = None
    pause_months: Months | None = None
    first_due_on: date | None = None
    frequency: Literal["weekly", "fortnightly", "monthly", "pay_day"] = "monthly"
    pay_day: Annotated[int, Field(ge=1, le=31, strict=True)] | None = None
    form: Literal["step", "deferral", "interest_freeze", "reduced", "restructured"] | None = None
    steps: Annotated[tuple[StepBody, ...], Field(max_length=24)] | None = None

    @model_validator(mode="after")
    def _figures_of_its_kind(self) -> CounterOfferRequest:
        given = {name for fields in FIELDS_OF.values() for name in fields if getattr(self, name) is not None}
        if not given or not given <= FIELDS_OF[self.kind]:
            raise ValueError(f"{self.kind} takes {' or '.join(sorted(FIELDS_OF[self.kind]))}, and nothing else")
        if len(given) > 1:
            raise ValueError("either the amount or the number of months, the other follows from it")
        if (self.frequency == "pay_day") != (self.pay_day is not None):
            raise ValueError("a pay day goes with the frequency of that name")
        if self.frequency != "monthly" and not given & {"monthly_minor_units", "months"}:
            raise ValueError("a frequency goes with an amount or a number of payments")
        return self

    def wish(self) -> Wish:
        return Wish(
            kind=self.kind,
            monthly=self.monthly_minor_units,
            months=self.months,
            lump_sum=self.lump_sum_minor_units,
            pause_months=self.pause_months,
            first_due_on=self.first_due_on,
            frequency=self.frequency,
            pay_day=self.pay_day,
            form=self.form,
            steps=tuple((step.count, step.amount_minor_units) for step in self.steps or ()),
        )


def dumped(value: Any) -> bytes:
    # The driver's identifiers are a subclass of UUID, which orjson leaves to `default`.
    return orjson.dumps(value, default=str)


def balance_answer(owed: Buckets) -> dict[str, int]:
    return {"fees": owed.fees, "interest": owed.interest, "principal": owed.principal, "total": owed.total}


def reasons_answer(codes: tuple[str, ...], language: str) -> list[dict[str, str]]:
    return [{"code": code, "text": reason_text(code, language)} for code in codes]


def offer_answer(offer: Offer, case: CaseFile, language: str) -> dict[str, Any]:
    return {
        "offer_id": offer.offer_id,
        "kind": offer.outline.kind,
        "form": offer.outline.shape[1],
        "frequency": offer.outline.frequency,
        "terms": terms_contract(terms_of(offer, case)).model_dump(mode="json"),
        "terms_hash": offer.terms_hash,
        "reasons": reasons_answer(offer.reasons, language),
        "comparison": comparison_answer(offer, case),
        "round": offer.round,
        "expires_at": offer.expires_at,
    }


def comparison_answer(offer: Offer, case: CaseFile) -> dict[str, Any] | None:
    """What the contract would still cost beside what the offer costs; null where the contract is not known."""
    found = compare(facts_of(case, offer.prepared_on), offer.outline)
    return {**asdict(found), "saved": found.saved} if found is not None else None


def plan_answer(view: PlanView) -> dict[str, Any]:
    plan = view.plan
    return {
        "plan_id": plan.plan_id,
        "offer_id": plan.offer_id,
        "status": plan.status,
        "terms": terms_contract(plan.terms).model_dump(mode="json"),
        "terms_hash": plan.terms_hash,
        "agreed_at": plan.agreed_at,
        "instalments": [
            {
                "number": standing.instalment.number,
                "due_on": standing.instalment.due_on,
                "amount": standing.instalment.amount,
                "paid": standing.paid,
                "status": status,
            }
            for standing, status in view.instalments
        ],
    }


def case_answer(view: CaseView, language: str) -> dict[str, Any]:
    """The borrower's whole page as JSON."""
    case = view.case
    return {
        "case_id": case.case_id,
        "currency": case.currency,
        "language": case.language,
        "status": "closed" if case.closed else "open",
        "balance": balance_answer(case.books.owed),
        "overpaid": case.books.overpaid,
        "offers": [offer_answer(offer, case, language) for offer in view.offers],
        "plan": plan_answer(view.plan) if view.plan else None,
        "blocked_by": view.blocked_by,
        "payments": [
            {
                "payment_id": p.payment_id,
                "received_on": p.received_on,
                "amount": p.amount,
                "is_reversed": p.is_reversed,
            }
            for p in view.payments
        ],
    }


def counter_answer(given: CounterAnswer, plan: PlanView | None, language: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "answer": given.verdict,
        "reasons": reasons_answer(given.reasons, language),
        "rounds_used": given.case.rounds,
    }
    if plan is not None:
        answer["plan"] = plan_answer(plan)
    if given.offer is not None:
        answer["offer"] = offer_answer(given.offer, given.case, language)
    return answer


def ledger_answer(view: LedgerView) -> dict[str, Any]:
    return {
        "case_id": view.case.case_id,
        "currency": view.case.currency,
        "balance": balance_answer(view.case.books.owed),
        "overpaid": view.case.books.overpaid,
        "is_balanced": view.is_balanced,
        "entries": [
            {
                "entry_id": entry.entry_id,
                "kind": entry.kind,
                "source_id": entry.source_id,
                "effective_on": entry.effective_on,
                "booked_at": entry.booked_at,
                "postings": [{"account": a, "minor_units": m} for a, m in entry.postings.items()],
            }
            for entry in view.entries
        ],
    }


def playbook_answer(case_id: UUID, steps: list[Step]) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "steps": [
            {"plan_id": s.plan_id, "step": s.step, "at": s.at, "cause_event_id": s.cause_event_id} for s in steps
        ],
    }


def clearance_answer(clearance: Clearance) -> dict[str, Any]:
    return {
        "code": clearance.code,
        "status": "withdrawn" if clearance.withdrawn_at else "valid",
        "reason": clearance.reason,
        "cleared_at": clearance.cleared_at,
        "withdrawn_at": clearance.withdrawn_at,
    }
