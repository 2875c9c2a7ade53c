"""What the borrower's pages show of our own conduct: every contact, every blocked one with its reasons, the proof."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from services.outreach.application.give_own_record import give_own_proof
from services.outreach.application.keep_preferences import keep_preference, show_preferences
from services.outreach.application.open_matters import BY_THE_PERSON
from services.outreach.application.records import ContactLine
from services.outreach.application.show_contacts import list_contacts
from services.outreach.entrypoints.desks.portal import require_portal
from services.outreach.entrypoints.desks.preferences import (
    EntryAnswer,
    LedgerAnswer,
    PreferenceBody,
    entry_answer,
    ledger_answer,
)
from services.outreach.entrypoints.http import Given
from shared.db.idempotency import request_hash
from shared.kernel.rule_words import rule_word

router = APIRouter(prefix="/internal/v1", dependencies=[Depends(require_portal)], tags=["portal"])

NO_STORE = {"Cache-Control": "no-store"}


class Reason(BaseModel):
    """A rule that spoke, with its source, and what it says no to in words."""

    rule: str
    clause: str
    en: str
    zh: str


class OwnContact(BaseModel):
    """One contact, or one that was not permitted, or one that was taken back in time."""

    at: datetime
    kind: str
    channel: str
    rung: str
    outcome: str | None
    verdict: str
    reasons: list[Reason]
    until: datetime | None
    decision_id: UUID
    packs: list[str]


class OwnContacts(BaseModel):
    contacts: list[OwnContact]


@router.get("/cases/{case_id}/contact-log", summary="Every contact and every blocked one with reasons, newest first")
async def get_contact_log(case_id: UUID, resources: Given, response: Response) -> OwnContacts:
    response.headers.update(NO_STORE)
    return OwnContacts(contacts=[_own(line) for line in await list_contacts(resources, case_id)])


@router.get(
    "/cases/{case_id}/proof", summary="The case's decisions as the verifier reads them", response_class=Response
)
async def get_proof(case_id: UUID, resources: Given) -> Response:
    return Response(await give_own_proof(resources, case_id), media_type="application/zip", headers=NO_STORE)


@router.get("/persons/{person_id}/preferences", summary="The person's own preferences")
async def get_own_preferences(person_id: UUID, resources: Given, response: Response) -> LedgerAnswer:
    response.headers.update(NO_STORE)
    return ledger_answer(await show_preferences(resources, person_id))


@router.post("/persons/{person_id}/preferences", summary="The person writes one entry themselves", status_code=201)
async def post_own_preference(request: Request, person_id: UUID, body: PreferenceBody, resources: Given) -> EntryAnswer:
    hashed = request_hash(await request.body())
    return entry_answer(await keep_preference(resources, BY_THE_PERSON, person_id, body.root.new(), hashed))


def _own(line: ContactLine) -> OwnContact:
    return OwnContact(
        at=line.at,
        kind=line.kind,
        channel=line.channel,
        rung=line.rung,
        outcome=line.outcome,
        verdict=line.verdict,
        reasons=[
            Reason(
                rule=fired["rule"],
                clause=fired.get("clause", ""),
                en=rule_word(fired["rule"], "en"),
                zh=rule_word(fired["rule"], "zh"),
            )
            for fired in (line.rules if line.verdict != "allow" else ())
        ],
        until=line.until,
        decision_id=line.decision_id,
        packs=list(line.packs),
    )
