"""apply(row, fact) -> row. Commutative: any order of the same facts gives the same row (each fact once)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from services.reporting.domain.account import movement_of
from services.reporting.domain.case_row import CaseRow, PlanStanding
from services.reporting.domain.facts import Fact

V = TypeVar("V")
Changes = dict[str, Any]
Step = Callable[[CaseRow, Fact], Changes]


def project(facts: Iterable[Fact], row: CaseRow | None = None) -> CaseRow | None:
    """Fold facts of one case into its row."""
    for fact in facts:
        row = apply(row, fact)
    return row


def apply(row: CaseRow | None, fact: Fact) -> CaseRow:
    """The row after one more fact of its case. The caller sees to it that no fact is applied twice."""
    row = row or CaseRow(case_id=fact.key, creditor_id=fact.creditor_id)
    stamp = fact.stamp
    changes: Changes = {
        "counts": {**row.counts, fact.type: row.count(fact.type) + 1},
        "first_at": min(row.first_at or fact.occurred_at, fact.occurred_at),
        "last_at": max(row.last_at or fact.occurred_at, fact.occurred_at),
    }
    if not row.first_stamp or stamp < row.first_stamp:
        changes |= {"first_stamp": stamp, "trace_id": fact.trace_id}
    if (movement := movement_of(fact)) is not None:
        changes["movements"] = {**row.movements, stamp: movement}
    if step := _STEPS.get(fact.type):
        changes |= step(row, fact)
    return replace(row, **changes)


def _received(row: CaseRow, fact: Fact) -> Changes:
    body = fact.body
    return _balance(row, fact) | {
        "person_id": UUID(body["person_id"]),
        "batch_id": UUID(body["batch_id"]),
        "currency": body["currency"],
        "jurisdiction": body["jurisdiction"],
        "product": body["product"],
        "provenance": body["provenance"],
        "placed_on": date.fromisoformat(body["placed_on"]),
        "placed_minor_units": sum(body["balance"].values()),
        "days_past_due": body["days_past_due"],
    }


def _balance(row: CaseRow, fact: Fact) -> Changes:
    told = fact.body["balance"]
    if told is None:
        return {}
    return _latest(row, fact, "balance", {f"{bucket}_minor_units": amount for bucket, amount in told.items()})


def _assessed(row: CaseRow, fact: Fact) -> Changes:
    names = ("risk_grade", "stage", "segment", "strategy", "ability", "willingness", "arrears_cause")
    return _latest(row, fact, "assessment", {name: fact.body[name] for name in names})


def _contacted(row: CaseRow, fact: Fact) -> Changes:
    at = _moment(fact.body["attempted_at"])
    return {"last_contact_at": max(row.last_contact_at or at, at)}


def _plan_agreed(row: CaseRow, fact: Fact) -> Changes:
    terms = fact.body["terms"]
    plan = _plan(row, fact)
    if fact.stamp > plan.agreed:
        plan = replace(plan, agreed=fact.stamp, kind=terms["kind"], total_minor_units=terms["total"])
    return {"plans": {**row.plans, fact.body["plan_id"]: plan}}


def _plan_completed(row: CaseRow, fact: Fact) -> Changes:
    plan = _plan(row, fact)
    return {"plans": {**row.plans, fact.body["plan_id"]: replace(plan, completed=max(plan.completed, fact.stamp))}}


def _plan_withdrawn(row: CaseRow, fact: Fact) -> Changes:
    plan = _plan(row, fact)
    return {"plans": {**row.plans, fact.body["plan_id"]: replace(plan, withdrawn=max(plan.withdrawn, fact.stamp))}}


def _default_detected(row: CaseRow, fact: Fact) -> Changes:
    plan = _plan(row, fact)
    return {"plans": {**row.plans, fact.body["plan_id"]: replace(plan, defaulted=max(plan.defaulted, fact.stamp))}}


def _recalled(row: CaseRow, fact: Fact) -> Changes:
    return {"is_recalled": True}


def _closed(row: CaseRow, fact: Fact) -> Changes:
    reason = fact.body["reason"]
    changes = _latest(row, fact, "closing", {"closed_reason": reason, "clearance_code": fact.body["clearance_code"]})
    if reason == "recalled":
        return changes | {"is_recalled": True}
    nothing = {"fees_minor_units": 0, "interest_minor_units": 0, "principal_minor_units": 0}
    settled = _latest(row, fact, "balance", nothing)
    stamps = {**row.stamps, **changes.get("stamps", {}), **settled.get("stamps", {})}
    return changes | settled | {"stamps": stamps}


def _begins(kind: Callable[[Mapping[str, Any]], str], name: str) -> Step:
    def step(row: CaseRow, fact: Fact) -> Changes:
        identifier = fact.body[name]
        if identifier in row.ended_early:
            return {"ended_early": _without(row.ended_early, identifier)}
        return {"standing": {**row.standing, identifier: kind(fact.body)}}

    return step


def _ends(name: str) -> Step:
    def step(row: CaseRow, fact: Fact) -> Changes:
        identifier = fact.body[name]
        if identifier in row.standing:
            return {"standing": _without(row.standing, identifier)}
        return {"ended_early": {**row.ended_early, identifier: fact.type}}

    return step


def _latest(row: CaseRow, fact: Fact, group: str, values: Changes) -> Changes:
    """The values, unless the row has newer ones of this group already."""
    stamp = fact.stamp
    if stamp <= row.stamps.get(group, ""):
        return {}
    return {**values, "stamps": {**row.stamps, group: stamp}}


def _plan(row: CaseRow, fact: Fact) -> PlanStanding:
    return row.plans.get(fact.body["plan_id"], PlanStanding())


def _without(mapping: Mapping[str, V], name: str) -> dict[str, V]:
    return {key: value for key, value in mapping.items() if key != name}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


_STEPS: dict[str, Step] = {
    "case.received": _received,
    "case.updated": _balance,
    "case.assessed": _assessed,
    "case.recalled": _recalled,
    "case.closed": _closed,
    "contact.attempted": _contacted,
    "payment.posted": _balance,
    "payment.reversed": _balance,
    "books.adjusted": _balance,
    "plan.agreed": _plan_agreed,
    "plan.completed": _plan_completed,
    "plan.withdrawn": _plan_withdrawn,
    "default.detected": _default_detected,
    "hold.applied": _begins(lambda body: f"hold:{body['kind']}", "hold_id"),
    "hold.released": _ends("hold_id"),
    "complaint.opened": _begins(lambda body: "complaint", "complaint_id"),
    "complaint.closed": _ends("complaint_id"),
    "dispute.opened": _begins(lambda body: "dispute", "dispute_id"),
    "dispute.closed": _ends("dispute_id"),
    "relief.requested": _begins(lambda body: "relief", "relief_id"),
    "relief.ended": _ends("relief_id"),
    "legal.opened": _begins(lambda body: "legal", "legal_id"),
    "legal.closed": _ends("legal_id"),
}
