"""Rows to domain values and back: two plain functions a table.

JSON columns come from the driver as values (SQLAlchemy sets its codec on every connection) and go to it as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from services.negotiation.application.ports import (
    Clearance,
    CounterOffer,
    InstalmentRow,
    Offer,
    Plan,
    Step,
)
from services.negotiation.domain.case_file import (
    Assessment,
    CaseFile,
    Contract,
    CurrentPlan,
    KnownMeans,
    Mandate,
)
from services.negotiation.domain.ledger import Books, Buckets, Payment, Settled
from services.negotiation.domain.terms import Instalment, Outline, Terms

Row = Mapping[str, Any]

CASE_STATE = (
    "time_zones",
    "mandate",
    "fees_minor_units",
    "interest_minor_units",
    "principal_minor_units",
    "overpaid_minor_units",
    "assessment",
    "means",
    "plan_id",
    "plan_status",
    "closed",
    "rounds",
    "defaults",
    "is_erased",
)
"""The columns of a case that change."""
CASE_COLUMNS = (
    "case_id",
    "creditor_id",
    "jurisdiction",
    "language",
    "currency",
    "regular_instalment_minor_units",
    "person_id",
    "contract",
    *CASE_STATE,
)


def case_row(case: CaseFile) -> tuple[Any, ...]:
    fixed = (case.creditor_id, case.jurisdiction, case.language, case.currency, case.regular_instalment)
    contract = _json(asdict(case.contract)) if case.contract is not None else None
    return case.case_id, *fixed, case.person_id, contract, *case_state(case)


def case_state(case: CaseFile) -> tuple[Any, ...]:
    owed, plan = case.books.owed, case.plan
    return (
        _json(case.candidate_zones),
        _mandate_text(case.mandate),
        owed.fees,
        owed.interest,
        owed.principal,
        case.books.overpaid,
        _assessment_text(case.assessment) if case.assessment is not None else None,
        _json(asdict(case.means)) if case.means is not None else None,
        plan.plan_id if plan is not None else None,
        plan.status if plan is not None else None,
        case.closed,
        case.rounds,
        case.defaults,
        case.is_erased,
    )


# A creditor's cases share their mandate, and there are few assessments that differ: written once, not per case.
@lru_cache(maxsize=10_000)
def _mandate_text(mandate: Mandate) -> str:
    return _json(asdict(mandate))


@lru_cache(maxsize=10_000)
def _assessment_text(assessment: Assessment) -> str:
    return _json(asdict(assessment))


def case_from(row: Row) -> CaseFile:
    mandate = row["mandate"]
    assessment = row["assessment"]
    owed = _buckets(row)
    return CaseFile(
        case_id=row["case_id"],
        creditor_id=row["creditor_id"],
        language=row["language"],
        currency=row["currency"],
        jurisdiction=row["jurisdiction"],
        candidate_zones=tuple(row["time_zones"]),
        mandate=Mandate(**{**mandate, "allocation_order": tuple(mandate["allocation_order"])}),
        regular_instalment=row["regular_instalment_minor_units"],
        books=Books(owed, row["overpaid_minor_units"]),
        assessment=Assessment(**assessment) if assessment is not None else None,
        plan=CurrentPlan(row["plan_id"], row["plan_status"]) if row["plan_id"] is not None else None,
        closed=row["closed"],
        rounds=row["rounds"],
        defaults=row["defaults"],
        is_erased=row["is_erased"],
        person_id=row["person_id"],
        contract=_contract_from(row["contract"]) if row["contract"] is not None else None,
        means=_means_from(row["means"]) if row["means"] is not None else None,
    )


def _means_from(stored: dict[str, Any]) -> KnownMeans:
    found = {"statement_id": UUID(stored["statement_id"]), "valid_until": date.fromisoformat(stored["valid_until"])}
    return KnownMeans(**{**stored, **found})


def _contract_from(stored: dict[str, Any]) -> Contract:
    dates = {name: date.fromisoformat(stored[name]) for name in ("originated_on", "oldest_due_on", "placed_on")}
    return Contract(**{**stored, **dates})


OFFER_STATE = ("status", "terms_hash", "proposed_at", "expires_at")
OFFER_COLUMNS = (
    "offer_id",
    "case_id",
    "creditor_id",
    "position",
    "round",
    "kind",
    "total_minor_units",
    "discount_minor_units",
    "instalment_count",
    "first_due_on",
    "pause_until",
    "form",
    "frequency",
    "pay_day",
    "steps",
    "reasons",
    "prepared_on",
    *OFFER_STATE,
)


def offer_row(offer: Offer) -> tuple[Any, ...]:
    o = offer.outline
    return (
        offer.offer_id,
        offer.case_id,
        offer.creditor_id,
        offer.position,
        offer.round,
        o.kind,
        o.total,
        o.discount,
        o.count,
        o.first_due_on,
        o.pause_until,
        o.form,
        o.frequency,
        o.pay_day,
        _json(o.steps),
        _json(offer.reasons),
        offer.prepared_on,
        *offer_state(offer),
    )


def offer_state(offer: Offer) -> tuple[Any, ...]:
    return offer.status, offer.terms_hash, offer.proposed_at, offer.expires_at


def offer_from(row: Row) -> Offer:
    return Offer(
        offer_id=row["offer_id"],
        case_id=row["case_id"],
        creditor_id=row["creditor_id"],
        position=row["position"],
        outline=Outline(
            row["kind"],
            row["total_minor_units"],
            row["discount_minor_units"],
            row["instalment_count"],
            row["first_due_on"],
            row["pause_until"],
            row["form"],
            row["frequency"],
            row["pay_day"],
            tuple((count, amount) for count, amount in row["steps"]),
        ),
        reasons=tuple(row["reasons"]),
        status=row["status"],
        prepared_on=row["prepared_on"],
        round=row["round"],
        terms_hash=row["terms_hash"],
        proposed_at=row["proposed_at"],
        expires_at=row["expires_at"],
    )


COUNTER_COLUMNS = (
    "counter_id",
    "case_id",
    "creditor_id",
    "round",
    "asked",
    "verdict",
    "reasons",
    "offer_id",
    "plan_id",
    "made_at",
)


def counter_row(counter: CounterOffer) -> tuple[Any, ...]:
    return (
        counter.counter_id,
        counter.case_id,
        counter.creditor_id,
        counter.round,
        _json(asdict(counter.asked)),
        counter.verdict,
        _json(counter.reasons),
        counter.offer_id,
        counter.plan_id,
        counter.made_at,
    )


PLAN_STATE = (
    "status",
    "ended_at",
    "waived_fees_minor_units",
    "waived_interest_minor_units",
    "waived_principal_minor_units",
)
PLAN_COLUMNS = (
    "plan_id",
    "case_id",
    "creditor_id",
    "offer_id",
    "replaces_plan_id",
    "terms",
    "terms_hash",
    "agreed_at",
    *PLAN_STATE,
)


def plan_row(plan: Plan) -> tuple[Any, ...]:
    return (
        plan.plan_id,
        plan.case_id,
        plan.creditor_id,
        plan.offer_id,
        plan.replaces_plan_id,
        _json(asdict(plan.terms)),
        plan.terms_hash,
        plan.agreed_at,
        *plan_state(plan),
    )


def plan_state(plan: Plan) -> tuple[Any, ...]:
    return plan.status, plan.ended_at, plan.waived.fees, plan.waived.interest, plan.waived.principal


def plan_from(row: Row) -> Plan:
    return Plan(
        plan_id=row["plan_id"],
        case_id=row["case_id"],
        creditor_id=row["creditor_id"],
        offer_id=row["offer_id"],
        replaces_plan_id=row["replaces_plan_id"],
        terms=_terms_from(row["terms"]),
        terms_hash=row["terms_hash"],
        status=row["status"],
        agreed_at=row["agreed_at"],
        ended_at=row["ended_at"],
        waived=Buckets(
            row["waived_fees_minor_units"], row["waived_interest_minor_units"], row["waived_principal_minor_units"]
        ),
    )


def _terms_from(stored: dict[str, Any]) -> Terms:
    instalments = tuple(
        Instalment(i["number"], date.fromisoformat(i["due_on"]), i["amount"]) for i in stored["instalments"]
    )
    pause_until = stored["pause_until"]
    return Terms(
        kind=stored["kind"],
        currency=stored["currency"],
        total=stored["total"],
        discount=stored["discount"],
        instalments=instalments,
        grace_days=stored["grace_days"],
        pause_until=date.fromisoformat(pause_until) if pause_until else None,
        form=stored.get("form"),
        frequency=stored.get("frequency"),
    )


INSTALMENT_STATE = ("paid_minor_units", "is_watched", "watch_at")
INSTALMENT_COLUMNS = (
    "plan_id",
    "number",
    "case_id",
    "creditor_id",
    "due_on",
    "amount_minor_units",
    *INSTALMENT_STATE,
)


def instalment_row(row: InstalmentRow) -> tuple[Any, ...]:
    fixed = (row.plan_id, row.number, row.case_id, row.creditor_id, row.due_on, row.amount)
    return *fixed, *instalment_state(row)


def instalment_state(row: InstalmentRow) -> tuple[Any, ...]:
    return row.paid, row.is_watched, row.watch_at


STEP_COLUMNS = ("plan_id", "step", "at", "case_id", "creditor_id", "cause_event_id")


def step_row(step: Step) -> tuple[Any, ...]:
    return step.plan_id, step.step, step.at, step.case_id, step.creditor_id, step.cause_event_id


def step_from(row: Row) -> Step:
    return Step(row["plan_id"], row["case_id"], row["creditor_id"], row["step"], row["at"], row["cause_event_id"])


ENTRY_COLUMNS = (
    "entry_id",
    "case_id",
    "creditor_id",
    "kind",
    "source_id",
    "currency",
    "effective_on",
    "booked_at",
)
POSTING_COLUMNS = ("entry_id", "case_id", "creditor_id", "account", "currency", "minor_units")

PAYMENT_STATE = (
    "fees_minor_units",
    "interest_minor_units",
    "principal_minor_units",
    "overpaid_minor_units",
    "refunded_minor_units",
    "is_reversed",
    "settled_fees_minor_units",
    "settled_interest_minor_units",
    "settled_principal_minor_units",
    "settled_commission_minor_units",
    "settled_tax_minor_units",
)
PAYMENT_COLUMNS = (
    "payment_id",
    "case_id",
    "creditor_id",
    "plan_id",
    "currency",
    "amount_minor_units",
    "received_on",
    "posted_at",
    "paid_to",
    *PAYMENT_STATE,
)


def payment_state(payment: Payment) -> tuple[Any, ...]:
    a = payment.allocated
    settled = payment.settled
    return (
        a.fees,
        a.interest,
        a.principal,
        payment.overpaid,
        payment.refunded,
        payment.is_reversed,
        settled.gross.fees,
        settled.gross.interest,
        settled.gross.principal,
        settled.commission,
        settled.tax,
    )


def payment_from(row: Row) -> Payment:
    return Payment(
        payment_id=row["payment_id"],
        amount=row["amount_minor_units"],
        received_on=row["received_on"],
        allocated=_buckets(row),
        overpaid=row["overpaid_minor_units"],
        plan_id=row["plan_id"],
        is_reversed=row["is_reversed"],
        paid_to=row["paid_to"],
        refunded=row["refunded_minor_units"],
        settled=Settled(
            Buckets(
                row["settled_fees_minor_units"],
                row["settled_interest_minor_units"],
                row["settled_principal_minor_units"],
            ),
            row["settled_commission_minor_units"],
            row["settled_tax_minor_units"],
        ),
    )


CLEARANCE_COLUMNS = ("code", "case_id", "reason", "cleared_at", "withdrawn_at")


def clearance_row(clearance: Clearance) -> tuple[Any, ...]:
    c = clearance
    return c.code, c.case_id, c.reason, c.cleared_at, c.withdrawn_at


def clearance_from(row: Row) -> Clearance:
    return Clearance(row["code"], row["case_id"], row["reason"], row["cleared_at"], row["withdrawn_at"])


def _buckets(row: Row) -> Buckets:
    return Buckets(row["fees_minor_units"], row["interest_minor_units"], row["principal_minor_units"])


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
