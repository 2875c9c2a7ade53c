"""When another request may be made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.negotiation.domain.relief.refusals import NothingNew, ReliefOpen, TooManyRequests
from services.negotiation.domain.relief.request import OPEN, Relief

REQUESTS_MAX = 3
WITHIN = timedelta(days=365)


def refuse_another(earlier: Sequence[Relief], digests: frozenset[str], now: datetime) -> None:
    """Raises ReliefOpen, TooManyRequests, NothingNew. `digests` are of the papers that come with the new request.

    After a refusal new evidence is needed: the same question would only get the same answer. A request that lapsed
    was never answered, and one that was withdrawn was not refused: neither asks for anything new.
    """
    if any(relief.state in OPEN for relief in earlier):
        raise ReliefOpen
    recent = [relief for relief in earlier if now - relief.requested_at < WITHIN and relief.state != "lapsed"]
    if len(recent) >= REQUESTS_MAX:
        raise TooManyRequests
    seen = {paper.digest for relief in recent for paper in relief.evidence}
    if any(relief.state == "refused" for relief in recent) and not digests - seen:
        raise NothingNew
