"""`POST /v1/placements`: one record, many, NDJSON or CSV; an answer per record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from fastapi import APIRouter, Response

from services.intake.application.place_accounts import PlaceAccounts, place_accounts
from services.intake.application.placement_records import Outcome, PlacementAnswer, ReadRecord
from services.intake.application.ports import ContactPointReader
from services.intake.domain.contact_point import ContactPoint
from services.intake.domain.placement import Borrower, Buckets, Placement, Scrubs
from services.intake.entrypoints.answers import PlacementAnswerBody
from services.intake.entrypoints.bodies import CSV, JSON, NDJSON, RawRecord, member_of, raw_records, read_record
from services.intake.entrypoints.callers import IS_SIGNED, OpenedResources, RequiredKey, SignedLender
from services.intake.entrypoints.documents import answered, described, one_or_many, schema_of
from services.intake.entrypoints.schemas import BalanceBody, BorrowerBody, ContactPointBody, PlacementBody

router = APIRouter(tags=["placements"], dependencies=[IS_SIGNED])

_BODY = described(
    (JSON, one_or_many(PlacementBody, "records")),
    (NDJSON, schema_of(PlacementBody)),
    (CSV, {"type": "string", "description": "a header of columns such as borrower.name, then one record per row"}),
)


@router.post("/v1/placements", openapi_extra=_BODY, responses=answered(PlacementAnswerBody))
async def place(resources: OpenedResources, lender: SignedLender, key: RequiredKey) -> Response:
    """Place overdue accounts. Records are independent: each is accepted, or refused with every reason at once."""
    records = raw_records(lender.body, lender.content_type, plural="records")
    command = PlaceAccounts(
        creditor=lender.creditor,
        idempotency_key=key,
        request_hash=lender.request_hash,
        records=(_read(raw, resources.contact_points) for raw in records),
    )
    answer = await place_accounts(resources, command)
    return Response(orjson.dumps(_answer(answer)), media_type=JSON)


def _read(raw: RawRecord, reader: ContactPointReader) -> ReadRecord:
    body = read_record(PlacementBody, raw)
    if isinstance(body, tuple):
        return ReadRecord(raw.number, raw.line, member_of(raw, "account_number"), None, body)
    return ReadRecord(raw.number, raw.line, body.account_number, as_placement(body, reader))


def as_placement(body: PlacementBody, reader: ContactPointReader) -> Placement:
    return Placement(
        account_number=body.account_number,
        product=body.product,
        jurisdiction=body.jurisdiction,
        language=body.language,
        currency=body.currency,
        as_of=body.as_of,
        originated_on=body.originated_on,
        original_principal_minor_units=body.original_principal_minor_units,
        annual_rate_basis_points=body.annual_rate_basis_points,
        term_months=body.term_months,
        instalment_minor_units=body.instalment_minor_units,
        first_due_on=body.first_due_on,
        listed_instalments=[(row.due_on, row.amount_minor_units) for row in body.schedule or ()],
        payments=[(row.received_on, row.amount_minor_units) for row in body.payments],
        balance=buckets(body.balance),
        arrears_minor_units=body.arrears_minor_units,
        days_past_due=body.days_past_due,
        borrower=_borrower(body.borrower),
        contact_points=[
            contact_point(point, body.jurisdiction, reader, is_invented=body.provenance == "generated")
            for point in body.contact_points
        ],
        arrears_cause=body.arrears_cause,
        scrubs=Scrubs(body.scrubs.is_deceased, body.scrubs.is_bankrupt, body.scrubs.is_in_court),
        last_demand_on=body.last_demand_on,
        provenance=body.provenance,
    )


def buckets(body: BalanceBody) -> Buckets:
    return Buckets(body.fees_minor_units, body.interest_minor_units, body.principal_minor_units)


def contact_point(
    body: ContactPointBody, jurisdiction: str, reader: ContactPointReader, *, is_invented: bool = False
) -> ContactPoint:
    value, zones = reader.read(body.kind, body.value, jurisdiction, is_invented=is_invented)
    return ContactPoint(body.kind, body.place, body.is_verified, body.may_be_used, value, zones)


def _borrower(body: BorrowerBody) -> Borrower:
    return Borrower(
        name=body.name,
        born_on=body.born_on,
        identity_number=body.identity_number,
        region=body.region,
        annual_income_minor_units=body.annual_income_minor_units,
        debt_to_income_basis_points=body.debt_to_income_basis_points,
        employment_years=body.employment_years,
        delinquencies_two_years=body.delinquencies_two_years,
        homeowner=body.homeowner,
    )


def _answer(answer: PlacementAnswer) -> dict[str, Any]:
    return {
        "batch_id": str(answer.batch_id),
        "accepted": answer.accepted,
        "rejected": len(answer.outcomes) - answer.accepted,
        "records": [dict(_record(outcome)) for outcome in answer.outcomes],
    }


def _record(outcome: Outcome) -> Iterator[tuple[str, Any]]:
    record = outcome.record
    yield "record_number", record.number
    if record.line is not None:
        yield "line", record.line
    if record.account_number is not None:
        yield "account_number", record.account_number
    if outcome.is_accepted:
        yield "case_id", str(outcome.case_id)
    else:
        yield "errors", [{"code": r.code, "pointer": r.pointer, "detail": r.message} for r in outcome.reasons]
