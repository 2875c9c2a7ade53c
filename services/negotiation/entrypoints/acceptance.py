"""How somebody agreed, read from their request: evidence without an address and without a person."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Literal

from fastapi import Request

from services.negotiation.application.agreement_ports import Acceptance
from services.negotiation.application.draw_agreement import same_key
from services.negotiation.application.ports import Resources


def acceptance_of(
    request: Request,
    resources: Resources,
    *,
    how: Literal["tick_box", "api", "own_proposal"],
    key: str,
    language: str | None = None,
    shown_text_hash: str | None = None,
    second_factor: str | None = None,
    session_id: str | None = None,
) -> Acceptance:
    """`key`: the idempotency key. The network address and the session are kept as keyed hashes alone."""
    address = request.client.host if request.client is not None else ""
    return Acceptance(
        how=how,
        language=language if language in ("en", "zh") else None,
        shown_text_hash=shown_text_hash,
        second_factor=second_factor,
        session_hash=_keyed(resources, b"session", session_id) if session_id else None,
        network_hash=_keyed(resources, b"network", address) if address else None,
        idempotency_key=same_key(key) if key else None,
    )


def _keyed(resources: Resources, context: bytes, value: str) -> str:
    # Without the key nobody can try out all addresses; with it a given address can be compared.
    return hmac.new(resources.link_secret, b"concord acceptance " + context + value.encode(), sha256).hexdigest()
