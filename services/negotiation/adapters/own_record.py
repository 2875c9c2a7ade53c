"""Outreach over signed HTTP, for the borrower's pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import structlog

from services.negotiation.adapters.signed_calls import SignedCalls
from services.negotiation.application.record_ports import (
    PROOF_BYTES_MAX,
    BlockedBy,
    ContactEntry,
    InboxMessage,
    OwnConcern,
    RecordAway,
    Wishes,
)
from services.negotiation.domain.refusals import NoSuchThing
from shared.kernel.clock import Clock
from shared.kernel.refusal import Conflict

log = structlog.get_logger("concord.negotiation")


class OutreachRecord:
    """`OwnRecord`."""

    def __init__(self, client: httpx.AsyncClient, secret: bytes, clock: Clock, url: str) -> None:
        self._calls = SignedCalls(client, secret, clock, url)

    async def contacts(self, case_id: UUID) -> list[ContactEntry]:
        answer = await self._ask("GET", f"/internal/v1/cases/{case_id}/contact-log")
        return [_contact(entry) for entry in answer.json()["contacts"]]

    async def proof(self, case_id: UUID) -> bytes:
        answer = await self._ask("GET", f"/internal/v1/cases/{case_id}/proof")
        if len(answer.content) > PROOF_BYTES_MAX:
            raise Conflict("record_too_long", "this record is long; ask for it and it is sent")
        return answer.content

    async def inbox(self, person_id: UUID) -> list[InboxMessage]:
        answer = await self._ask("GET", f"/v1/inbox/{person_id}")
        return [_message(entry) for entry in answer.json()["messages"]]

    async def note_read(self, person_id: UUID, message_id: UUID) -> None:
        await self._ask("POST", f"/v1/inbox/{person_id}/{message_id}/read")

    async def concerns(self, case_id: UUID) -> list[OwnConcern]:
        answer = await self._ask("GET", f"/internal/v1/cases/{case_id}/matters")
        return [_concern(entry) for entry in answer.json()["matters"]]

    async def complain(self, case_id: UUID, reference: str, category: str, words: str | None) -> OwnConcern:
        document = {"reference": reference, "category": category, **({"words": words} if words else {})}
        return _concern((await self._ask("POST", f"/internal/v1/cases/{case_id}/complaints", document)).json())

    async def dispute(self, case_id: UUID, reference: str, ground: str, words: str | None) -> OwnConcern:
        document = {"reference": reference, "ground": ground, **({"words": words} if words else {})}
        return _concern((await self._ask("POST", f"/internal/v1/cases/{case_id}/disputes", document)).json())

    async def wishes(self, person_id: UUID) -> Wishes:
        answer = await self._ask("GET", f"/internal/v1/persons/{person_id}/preferences")
        return _wishes(answer.json())

    async def wish(self, person_id: UUID, entry: Mapping[str, Any]) -> None:
        await self._ask("POST", f"/internal/v1/persons/{person_id}/preferences", dict(entry))

    async def _ask(self, method: str, path: str, document: Mapping[str, Any] | None = None) -> httpx.Response:
        try:
            response = await self._calls.send(method, path, document)
        except httpx.HTTPError as error:
            log.warning("outreach.away", error=type(error).__name__)
            raise RecordAway("outreach cannot be asked") from None
        if response.status_code == httpx.codes.NOT_FOUND:
            raise NoSuchThing("record")
        if response.status_code in (httpx.codes.CONFLICT, httpx.codes.UNPROCESSABLE_ENTITY):
            raise Conflict(_code(response), "outreach does not take that")
        if not response.is_success:
            log.warning("outreach.away", status=response.status_code)
            raise RecordAway("outreach cannot be asked")
        return response


def _code(response: httpx.Response) -> str:
    try:
        return str(response.json()["code"])
    except (ValueError, KeyError, TypeError):
        return "not_possible"


def _contact(entry: Mapping[str, Any]) -> ContactEntry:
    return ContactEntry(
        at=datetime.fromisoformat(entry["at"]),
        kind=entry["kind"],
        channel=entry["channel"],
        rung=entry["rung"],
        outcome=entry["outcome"],
        reasons=tuple(BlockedBy(**{name: each[name] for name in BlockedBy.__slots__}) for each in entry["reasons"]),
        until=_moment(entry["until"]),
        decision_id=UUID(entry["decision_id"]),
    )


def _message(entry: Mapping[str, Any]) -> InboxMessage:
    return InboxMessage(
        message_id=UUID(entry["message_id"]),
        language=entry["language"],
        subject=entry["subject"],
        text=entry["text"],
        sent_at=datetime.fromisoformat(entry["sent_at"]),
        read_at=_moment(entry["read_at"]),
    )


def _concern(entry: Mapping[str, Any]) -> OwnConcern:
    return OwnConcern(
        concern_id=UUID(entry["matter_id"]),
        kind=entry["kind"],
        topic=entry["topic"],
        state=entry["state"],
        received_at=datetime.fromisoformat(entry["received_at"]),
        due_at=datetime.fromisoformat(entry["answer_due_at"]),
        outcome=entry["outcome"],
    )


def _wishes(ledger: Mapping[str, Any]) -> Wishes:
    """What stands: entries that no later one withdraws."""
    withdrawn = {entry["withdraws"] for entry in ledger["entries"] if entry["withdraws"]}
    standing = [e for e in ledger["entries"] if not e["withdraws"] and e["entry_id"] not in withdrawn]
    acting = next((e for e in reversed(standing) if e["kind"] == "representative"), None)
    return Wishes(
        refusals=tuple((UUID(e["entry_id"]), e["channel"]) for e in standing if e["kind"] == "opt_out"),
        bad_times=tuple((UUID(e["entry_id"]), e["detail"]) for e in standing if e["kind"] == "inconvenient_time"),
        representative=(UUID(acting["entry_id"]), acting["detail"].get("representative", "")) if acting else None,
        language=ledger["current"]["language"],
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
