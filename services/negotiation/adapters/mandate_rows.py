"""Mandate versions and approvals as rows, and back. A version's figures are one JSON value: they are read together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson

from services.negotiation.application.approval_ports import FiledVersion
from services.negotiation.domain.approvals import Approval
from services.negotiation.domain.mandates.grid import Grid, GridRow, Shares, Span
from services.negotiation.domain.mandates.limits import Limits, Relief, ReplanLimit, Restructuring
from services.negotiation.domain.mandates.version import Authority, Charges, FeeAllowed, MandateVersion

Row = Mapping[str, Any]

VERSION_STATE = ("status", "is_lenders_word", "approved_by", "approved_at", "retired_by", "retired_at")
VERSION_COLUMNS = (
    "version_id",
    "creditor_id",
    "product",
    "number",
    "currency",
    "content",
    "effective_from",
    "effective_to",
    "drafted_by",
    "drafted_at",
    *VERSION_STATE,
)


def version_row(filed: FiledVersion) -> tuple[Any, ...]:
    v = filed.version
    return (
        v.version_id,
        v.creditor_id,
        v.product,
        v.number,
        v.currency,
        orjson.dumps(version_content(v)).decode(),
        v.effective_from,
        v.effective_to,
        filed.drafted_by,
        filed.drafted_at,
        *version_state(filed),
    )


def version_state(filed: FiledVersion) -> tuple[Any, ...]:
    v = filed.version
    return v.status, v.is_lenders_word, filed.approved_by, filed.approved_at, filed.retired_by, filed.retired_at


def version_content(version: MandateVersion) -> dict[str, Any]:
    return {
        "limits": asdict(version.limits),
        "allocation_order": version.allocation_order,
        "grace_days": version.grace_days,
        "charges": asdict(version.charges),
        "authorities": [asdict(authority) for authority in version.authorities],
    }


def version_from(row: Row) -> MandateVersion:
    content = row["content"]
    charges = content["charges"]
    fees = tuple(FeeAllowed(**fee) for fee in charges["fees"])
    return MandateVersion(
        version_id=row["version_id"],
        creditor_id=row["creditor_id"],
        product=row["product"],
        number=row["number"],
        currency=row["currency"],
        limits=_limits(content["limits"]),
        allocation_order=tuple(content["allocation_order"]),
        grace_days=content["grace_days"],
        effective_from=row["effective_from"],
        effective_to=row["effective_to"],
        status=row["status"],
        is_lenders_word=row["is_lenders_word"],
        charges=Charges(**{**charges, "fees": fees}),
        authorities=tuple(Authority(**{**a, "reliefs": tuple(a["reliefs"])}) for a in content["authorities"]),
    )


def filed_from(row: Row) -> FiledVersion:
    return FiledVersion(
        version_from(row),
        row["drafted_by"],
        row["drafted_at"],
        row["approved_by"],
        row["approved_at"],
        row["retired_by"],
        row["retired_at"],
    )


def _limits(stored: dict[str, Any]) -> Limits:
    restructuring = stored["restructuring"]
    return Limits(
        grid=Grid(tuple(_grid_row(row) for row in stored["grid"]["rows"])),
        term_months_max=stored["term_months_max"],
        instalment_min=stored["instalment_min"],
        reliefs=tuple(Relief(**relief) for relief in stored["reliefs"]),
        frequencies=tuple(stored["frequencies"]),
        restructuring=Restructuring(**restructuring) if restructuring is not None else None,
        replans=ReplanLimit(**stored["replans"]),
        discounted_forms=tuple(stored["discounted_forms"]),
    )


def _grid_row(stored: dict[str, Any]) -> GridRow:
    days, balance = Span(**stored["days_past_due"]), Span(**stored["balance"])
    return GridRow(Shares(**stored["largest"]), days, balance, stored["stage"])


APPROVAL_STATE = ("status", "decided_by", "decided_role", "decided_at", "decision_reasons", "decision_note")
APPROVAL_COLUMNS = (
    "approval_id",
    "creditor_id",
    "case_id",
    "kind",
    "subject_id",
    "details",
    "deciders",
    "asked_by",
    "asked_role",
    "asked_at",
    "reasons",
    "note",
    "expires_at",
    *APPROVAL_STATE,
)


def approval_row(approval: Approval) -> tuple[Any, ...]:
    a = approval
    return (
        a.approval_id,
        a.creditor_id,
        a.case_id,
        a.kind,
        a.subject_id,
        _json(a.details),
        _json(a.deciders),
        a.asked_by,
        a.asked_role,
        a.asked_at,
        _json(a.reasons),
        a.note,
        a.expires_at,
        *approval_state(a),
    )


def approval_state(a: Approval) -> tuple[Any, ...]:
    return a.status, a.decided_by, a.decided_role, a.decided_at, _json(a.decision_reasons), a.decision_note


def approval_from(row: Row) -> Approval:
    return Approval(
        approval_id=row["approval_id"],
        creditor_id=row["creditor_id"],
        case_id=row["case_id"],
        kind=row["kind"],
        subject_id=row["subject_id"],
        asked_by=row["asked_by"],
        asked_role=row["asked_role"],
        asked_at=row["asked_at"],
        expires_at=row["expires_at"],
        deciders=tuple(row["deciders"]),
        reasons=tuple(row["reasons"]),
        details=row["details"],
        note=row["note"],
        status=row["status"],
        decided_by=row["decided_by"],
        decided_role=row["decided_role"],
        decided_at=row["decided_at"],
        decision_reasons=tuple(row["decision_reasons"]),
        decision_note=row["decision_note"],
    )


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
