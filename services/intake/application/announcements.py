"""From intake's rows to the contracts: what is announced, and what stays out of it (everything personal)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from services.intake.application.rows import CaseRow, ContactPointRow, RejectionRow
from services.intake.domain.creditor import Creditor, Mandate
from services.intake.domain.placement import Buckets
from services.intake.domain.places import business_date
from shared.events import terms
from shared.events.case_received import CaseReceived
from shared.events.case_rejected import CaseRejected, RejectionReason
from shared.kernel.refusal import Reason

REASONS_MAX = 100
POINTER_MAX = 200


def case_received(row: CaseRow, creditor: Creditor, points: Sequence[ContactPointRow], now: datetime) -> CaseReceived:
    placement, arrears = row.placement, row.verification.arrears
    borrower = placement.borrower
    facts: dict[str, Any] = {
        "case_id": row.case_id,
        "person_id": row.person_id,
        "creditor_id": creditor.creditor_id,
        "account_id": row.account_id,
        "batch_id": row.batch_id,
        "jurisdiction": placement.jurisdiction,
        "region": borrower.region,
        "language": placement.language,
        "product": placement.product,
        "currency": placement.currency,
        "balance": balance(placement.balance),
        "arrears": arrears.minor_units,
        "instalment": placement.instalment_minor_units,
        "days_past_due": arrears.days_past_due,
        "oldest_due_on": arrears.oldest_due_on,
        "originated_on": placement.originated_on,
        "term_months": placement.term_months,
        "instalments_paid": arrears.instalments_paid,
        "instalments_missed": arrears.instalments_missed,
        "annual_rate": placement.annual_rate_basis_points,
        "annual_income": borrower.annual_income_minor_units,
        "debt_to_income": borrower.debt_to_income_basis_points,
        "employment_years": borrower.employment_years,
        "delinquencies_two_years": borrower.delinquencies_two_years,
        "homeowner": borrower.homeowner,
        "arrears_cause": placement.arrears_cause,
        "contact_points": [_contact_point_facts(point) for point in points],
        "mandate": mandate(creditor.mandate),
        "placed_on": business_date(creditor.jurisdiction, now),
        "provenance": placement.provenance,
    }
    return CaseReceived(**facts)


def case_rejected(row: RejectionRow, creditor_id: UUID) -> CaseRejected:
    return CaseRejected(
        case_id=row.case_id,
        creditor_id=creditor_id,
        batch_id=row.batch_id,
        record_number=row.record_number,
        reasons=tuple(RejectionReason(code=code, pointer=pointer) for code, pointer in row.reasons),
    )


def impersonal(reasons: Sequence[Reason]) -> tuple[tuple[str, str], ...]:
    """Code and pointer of each reason, without what the lender wrote itself: an unknown field can be named anything."""
    return tuple((reason.code, _impersonal_pointer(reason)) for reason in reasons[:REASONS_MAX])


def _impersonal_pointer(reason: Reason) -> str:
    if reason.code.startswith("csv_"):
        return ""
    pointer = reason.pointer.rpartition("/")[0] if reason.code == "extra_forbidden" else reason.pointer
    return pointer[:POINTER_MAX]


def balance(buckets: Buckets) -> terms.Balance:
    return terms.Balance(
        fees=buckets.fees_minor_units,
        interest=buckets.interest_minor_units,
        principal=buckets.principal_minor_units,
    )


def contact_point(row: ContactPointRow) -> terms.ContactPoint:
    return terms.ContactPoint(**_contact_point_facts(row))


def _contact_point_facts(row: ContactPointRow) -> dict[str, Any]:
    return {
        "contact_point_id": row.contact_point_id,
        "kind": row.kind,
        "place": row.place,
        "time_zones": row.time_zones,
        "is_verified": row.is_verified,
        "may_be_used": row.may_be_used,
    }


@lru_cache(maxsize=256)
def mandate(given: Mandate) -> terms.Mandate:
    facts: dict[str, Any] = {
        "version": given.version,
        "discount_max": given.discount_max_basis_points,
        "term_months_max": given.term_months_max,
        "instalment_min": given.instalment_min_minor_units,
        "pause_months_max": given.pause_months_max,
        "allocation_order": given.allocation_order,
        "grace_days": given.grace_days,
    }
    return terms.Mandate(**facts)
