"""Finding out which lender signed a request: the keys are intake's, the answer is a lender or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.kernel.refusal import Unidentified


class LenderKeysAway(Exception):
    """The keys cannot be asked now. Nobody is let in, and the lender may try again."""


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as it arrived. `path` with the query; `body` raw, as it was signed."""

    key_id: str
    timestamp: str
    signature: str
    method: str
    path: str
    body: bytes


class LenderKeys(Protocol):
    async def creditor_of(self, signed: SignedRequest) -> UUID:
        """The lender that signed. Raises Unidentified, or LenderKeysAway."""
        ...


class NobodysKeys:
    """Knows no lender: what an installation without intake has, and what nothing can slip through."""

    async def creditor_of(self, signed: SignedRequest) -> UUID:
        raise Unidentified("signature_wrong", "the key id or the signature is wrong")
