"""The negotiation protocol over HTTP: grants by the borrower, messages by whoever holds one, the log for both sides."""

from __future__ import annotations

import base64
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.negotiation.application.agreement_ports import Acceptance
from services.negotiation.application.conversation_ports import Incoming, LoggedMessage
from services.negotiation.application.converse import OUT_OF_PLACE, State, converse, see_state
from services.negotiation.application.grant_voices import (
    case_of_token,
    grant_voice,
    revoke_voice,
    show_voices,
    voice_of,
)
from services.negotiation.application.ports import Resources
from services.negotiation.application.prepare_agreement import (
    PreparedAgreement,
    prepare_for_offer,
    prepare_for_wish,
)
from services.negotiation.domain.conversation import MESSAGES_MAX, PROTOCOL, Grant
from services.negotiation.entrypoints.conversation_schemas import GrantRequest, read_message
from services.negotiation.entrypoints.conversation_texts import code_text
from services.negotiation.entrypoints.identity import BorrowersCase, ResourcesOf
from services.negotiation.entrypoints.schemas import dumped, offer_answer
from shared.kernel.refusal import Refusal, Unidentified
from shared.service.staff import Staff

router = APIRouter(prefix="/v1")

NO_STORE = {"Cache-Control": "no-store"}
_TOKEN = HTTPBearer(scheme_name="Grant", description="the token of a grant, `ncg_...`", auto_error=False)

Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_TOKEN)]
Position = Annotated[int, Query(ge=0, le=MESSAGES_MAX)]
Limit = Annotated[int, Query(ge=1, le=MESSAGES_MAX)]
Lang = Annotated[str, Query(pattern="^(en|zh)$")]


def _token(credentials: Credentials) -> str:
    if credentials is None:
        raise Unidentified("grant_missing", "send the token of a grant as a bearer token")
    return credentials.credentials


GrantToken = Annotated[str, Depends(_token)]


@router.post("/borrower/grants", tags=["borrower"], status_code=201)
async def give_grant(case_id: BorrowersCase, body: GrantRequest, resources: ResourcesOf) -> Response:
    """Let an adviser or a program speak for the borrower. The token is shown here and never again."""
    async with resources.begin(case_id) as work:
        given = await grant_voice(
            work, case_id, holder=body.holder, scopes=body.scopes, public_key=body.raw_key(), days=body.days
        )
        await work.commit()
    return _json({**_grant(given.grant), "token": given.token}, 201)


@router.get("/borrower/grants", tags=["borrower"])
async def see_grants(case_id: BorrowersCase, resources: ResourcesOf) -> Response:
    """Who may speak, and who might once."""
    async with resources.begin(case_id) as work:
        grants = await show_voices(work, case_id)
    return _json({"grants": [_grant(grant) for grant in grants]})


@router.delete("/borrower/grants/{grant_id}", tags=["borrower"], status_code=204)
async def take_grant_back(case_id: BorrowersCase, grant_id: UUID, resources: ResourcesOf) -> Response:
    """From this moment the token opens nothing."""
    async with resources.begin(case_id) as work:
        await revoke_voice(work, case_id, grant_id)
        await work.commit()
    return Response(status_code=204, headers=NO_STORE)


@router.get("/negotiation", tags=["negotiation protocol"])
async def see_conversation(token: GrantToken, resources: ResourcesOf, lang: Lang = "en") -> Response:
    """Where the conversation stands: what the next message comes after, what may be accepted, how long, and why not."""
    async with resources.begin(case_of_token(token)) as work:
        grant = await voice_of(work, token)
        state = await see_state(work, grant.case_id)
    return _json(_state(state, grant, lang))


@router.post("/negotiation/messages", tags=["negotiation protocol"])
async def say(token: GrantToken, request: Request, resources: ResourcesOf, lang: Lang = "en") -> Response:
    """Say one signed message and hear the agency's signed answer, always with its reasons.

    The same message again gets the same answer. 409 `history_moved` where it does not come after the newest one.
    """
    body = await request.body()
    async with resources.begin(case_of_token(token)) as work:
        grant = await voice_of(work, token)
    incoming = read_message(body, grant)
    answers = await _answers(resources, grant, incoming)
    return _json({"messages": [_message(each) for each in answers], "texts": _texts(answers, lang)})


@router.get("/negotiation/messages", tags=["negotiation protocol"])
async def read_on(token: GrantToken, resources: ResourcesOf, after: Position = 0, limit: Limit = 100) -> Response:
    """What was said, in order, by both sides; with the hashes, so that either side can show it to a third."""
    async with resources.begin(case_of_token(token)) as work:
        grant = await voice_of(work, token)
        messages = await work.conversations.read(grant.case_id, after_position=after, limit=limit)
    return _json({"messages": [_message(each) for each in messages]})


@router.get("/negotiation/keys", tags=["negotiation protocol"])
async def see_keys(resources: ResourcesOf) -> Response:
    """The key by which the agency's messages are signed."""
    pen = resources.pen
    key = {"key_id": pen.key_id, "algorithm": "Ed25519", "public_key": _text(pen.public_key)}
    return Response(dumped({"protocol": PROTOCOL, "keys": [key]}), media_type="application/json")


@router.get("/cases/{case_id}/negotiation", dependencies=[Staff], tags=["staff"])
async def read_as_staff(case_id: UUID, resources: ResourcesOf, after: Position = 0, limit: Limit = 100) -> Response:
    """The log of a case's conversation."""
    async with resources.begin(case_id) as work:
        messages = await work.conversations.read(case_id, after_position=after, limit=limit)
    return _json({"messages": [_message(each) for each in messages]})


async def _answers(resources: Resources, grant: Grant, incoming: Incoming) -> list[LoggedMessage]:
    try:
        prepared = await _prepared(resources, grant, incoming)
        async with resources.begin(grant.case_id) as work:
            answers = await converse(work, resources.pen, grant, incoming, prepared)
            await work.commit()
            return answers
    except OUT_OF_PLACE:
        raise
    except Refusal as refusal:
        refused = refusal
    async with resources.begin(grant.case_id) as work:
        answers = await converse(work, resources.pen, grant, incoming, refused=refused)
        await work.commit()
        return answers


async def _prepared(resources: Resources, grant: Grant, incoming: Incoming) -> PreparedAgreement | None:
    acceptance = Acceptance(how="api", second_factor="signed_message", idempotency_key=str(incoming.message_id))
    if incoming.kind == "accept" and incoming.offer_id is not None:
        return await prepare_for_offer(resources, grant.case_id, incoming.offer_id, acceptance)
    if incoming.kind == "propose" and incoming.wish is not None:
        return await prepare_for_wish(resources, grant.case_id, incoming.wish, acceptance)
    return None


def _state(state: State, grant: Grant, lang: str) -> dict[str, Any]:
    return {
        "protocol": PROTOCOL,
        "case_id": state.case.case_id,
        "head": state.head,
        "messages": state.messages,
        "holder": grant.holder,
        "scopes": grant.scopes,
        "grant_expires_at": grant.expires_at,
        "currency": state.case.currency,
        "balance": state.case.books.balance,
        "offers": [offer_answer(offer, state.case, lang) for offer in state.offers],
        "rounds_left": state.rounds_left,
        "answer_by": min((offer.expires_at for offer in state.offers if offer.expires_at), default=None),
        "blocked_by": state.blocked_by,
        "plan_id": state.case.active_plan_id,
    }


def _grant(grant: Grant) -> dict[str, Any]:
    return {
        "grant_id": grant.grant_id,
        "holder": grant.holder,
        "scopes": grant.scopes,
        "public_key": _text(grant.public_key),
        "given_at": grant.given_at,
        "expires_at": grant.expires_at,
        "revoked_at": grant.revoked_at,
    }


def _message(logged: LoggedMessage) -> dict[str, Any]:
    return {"position": logged.position, "hash": logged.hash, **orjson.loads(logged.document)}


def _texts(messages: list[LoggedMessage], lang: str) -> dict[str, str]:
    said = [orjson.loads(each.document)["message"] for each in messages]
    codes = {code for message in said for code in message.get("reasons", ())}
    for message in said:
        for offer in (*message.get("offers", ()), message.get("offer") or {}):
            codes.update(offer.get("reasons", ()))
    return {code: text for code in sorted(codes) if (text := code_text(code, lang))}


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _json(content: Any, status: int = 200) -> Response:
    return Response(dumped(content), status_code=status, media_type="application/json", headers=NO_STORE)
