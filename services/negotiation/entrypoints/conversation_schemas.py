"""Messages of the negotiation protocol as they come in: read, and held against their signature."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from services.negotiation.application.conversation_ports import Incoming
from services.negotiation.domain.conversation import GRANT_DAYS_MAX, SIGNED, Grant, Holder, Scope
from services.negotiation.entrypoints.schemas import Closed, CounterOfferRequest
from shared.kernel.refusal import Invalid, Reason
from shared.service.problems import validation_reasons

MESSAGE_BYTES_MAX = 16_384

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]


class GrantRequest(Closed):
    """Who may speak for the borrower, and how far. `public_key`: Ed25519, 32 bytes in base64url without padding."""

    holder: Holder
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=3)]
    public_key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
    days: Annotated[int, Field(ge=1, le=GRANT_DAYS_MAX, strict=True)] = 30

    def raw_key(self) -> bytes:
        return base64.urlsafe_b64decode(self.public_key + "=")


class _Said(Closed):
    protocol: Literal["concord-negotiation/1"]
    message_id: UUID
    case_id: UUID
    after: Hash
    sent_at: AwareDatetime


class Ask(_Said):
    kind: Literal["ask"]


class Propose(_Said):
    kind: Literal["propose"]
    wish: CounterOfferRequest


class Decline(_Said):
    kind: Literal["decline"]
    offer_id: UUID
    reasons: Annotated[tuple[Code, ...], Field(max_length=16)] = ()


class Accept(_Said):
    kind: Literal["accept"]
    offer_id: UUID
    terms_hash: Hash


class Signature(Closed):
    key_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    value: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{86}$")]


class SignedMessage(Closed):
    """`signature.value` is Ed25519 over `concord-negotiation/1`, a line feed, and the message's RFC 8785 bytes."""

    message: Annotated[Ask | Propose | Decline | Accept, Field(discriminator="kind")]
    signature: Signature


_READ = TypeAdapter(SignedMessage)


def read_message(body: bytes, grant: Grant) -> Incoming:
    """Raises Invalid with every reason at once; a signature that is not the grant's is one."""
    if len(body) > MESSAGE_BYTES_MAX:
        raise Invalid("message_too_large", f"a message has at most {MESSAGE_BYTES_MAX} bytes")
    try:
        raw = orjson.loads(body)
        signed = _READ.validate_python(raw, strict=False)
        document = rfc8785.dumps(raw)
    except ValidationError as error:
        raise _no_message(validation_reasons(error.errors())) from None
    except (ValueError, rfc8785.CanonicalizationError):
        raise _no_message([Reason("not_json", "", "JSON of texts and whole numbers is expected")]) from None
    message = signed.message
    if message.case_id != grant.case_id:
        raise _wrong("another_case", "/message/case_id", "the token speaks for another case")
    if not _is_signed(raw["message"], signed.signature.value, grant.public_key):
        raise _wrong("signature_wrong", "/signature/value", "the signature is not by the key of this grant")
    return Incoming(
        message_id=message.message_id,
        after=message.after,
        kind=message.kind,
        document=document,
        wish=message.wish.wish() if isinstance(message, Propose) else None,
        offer_id=message.offer_id if isinstance(message, (Accept, Decline)) else None,
        terms_hash=message.terms_hash if isinstance(message, Accept) else None,
        reasons=message.reasons if isinstance(message, Decline) else (),
    )


def _is_signed(message: dict[str, Any], value: str, public_key: bytes) -> bool:
    try:
        signature = base64.urlsafe_b64decode(value + "==")
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, SIGNED + rfc8785.dumps(message))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def _no_message(reasons: list[Reason]) -> Invalid:
    return Invalid("invalid_message", "this is no message of the protocol", reasons)


def _wrong(code: str, pointer: str, detail: str) -> Invalid:
    return Invalid(code, detail, [Reason(code, pointer, detail)])
