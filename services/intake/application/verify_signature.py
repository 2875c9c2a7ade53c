"""Whose signed request is it: for the services that lenders call directly but that know no lender's key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.intake.application.onboard_creditor import find_key
from services.intake.application.ports import Resources
from services.intake.domain.creditor import Creditor
from shared.kernel.refusal import Unidentified
from shared.service.signatures import verify


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as it reached another service. `headers` are those of the scheme."""

    key_id: str
    headers: Mapping[str, str]
    method: str
    path: str
    body: bytes


async def verify_signature(resources: Resources, signed: SignedRequest, now: datetime) -> Creditor | str:
    """The lender that signed, or the code of what is wrong: the same for an unknown key and a wrong signature."""
    found = await find_key(resources, signed.key_id, resources.clock.now())
    secrets = [found[1]] if found else []
    try:
        verify(secrets, signed.headers, now=now, method=signed.method, path=signed.path, body=signed.body)
    except Unidentified as refusal:
        return refusal.code
    assert found is not None
    return found[0]
