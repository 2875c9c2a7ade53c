"""Links by which one click stops mail to an address (RFC 8058)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.service.links import make_token

VALID_FOR = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class UnsubscribeLinks:
    """`public_url`: where the API is reached from outside."""

    public_url: str
    key: bytes

    def link(self, attempt_id: UUID, sent_at: datetime) -> str:
        return f"{self.public_url}/v1/unsubscribe/{make_token(self.key, attempt_id, sent_at + VALID_FOR)}"


def unsubscribe_key(link_secret: bytes) -> bytes:
    """A key of its own, so that no link to a case passes for one of these, nor the other way round."""
    return hmac.new(link_secret, b"concord.outreach.unsubscribe", hashlib.sha256).digest()
