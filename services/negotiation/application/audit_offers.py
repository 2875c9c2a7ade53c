"""Run every recorded set of offers again and say where the same facts did not give the same offers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from services.negotiation.application.ports import Work
from services.negotiation.domain.offers.audit import ENGINE, Proof, again

PAGE = 1_000
SETS_MAX = 1_000_000
"""In one audit; `goes_on_after` says where the next one begins."""
FINDINGS_MAX = 100
FINE = frozenset({"same", "other_engine"})


@dataclass(frozen=True, slots=True)
class OfferAudit:
    """`verdicts` counts; `findings` are (set id, verdict); `contradictions` the facts that gave two sets of offers."""

    engine: str
    looked_at: int
    verdicts: dict[str, int]
    findings: tuple[tuple[UUID, str], ...]
    contradictions: tuple[tuple[str, str], ...]
    goes_on_after: UUID | None = None
    is_equal: bool = field(default=False)


async def audit_offers(work: Work, after: UUID | None = None, limit: int = SETS_MAX) -> OfferAudit:
    """At most `limit` sets, oldest first. Reads only."""
    verdicts: Counter[str] = Counter()
    findings: list[tuple[UUID, str]] = []
    last, is_done = after, False
    while sum(verdicts.values()) < limit and not is_done:
        wanted = min(PAGE, limit - sum(verdicts.values()))
        page = await work.offer_sets.page(last, wanted)
        for each in page:
            verdict = again(Proof(each.engine, each.facts, each.facts_hash, each.offers_hash))
            verdicts[verdict] += 1
            if verdict not in FINE and len(findings) < FINDINGS_MAX:
                findings.append((each.set_id, verdict))
        is_done = len(page) < wanted
        last = page[-1].set_id if page else last
    contradictions = tuple(await work.offer_sets.contradictions(FINDINGS_MAX))
    return OfferAudit(
        engine=ENGINE,
        looked_at=sum(verdicts.values()),
        verdicts=dict(verdicts),
        findings=tuple(findings),
        contradictions=contradictions,
        goes_on_after=None if is_done else last,
        is_equal=set(verdicts) <= FINE and not contradictions,
    )
