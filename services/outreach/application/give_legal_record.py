"""What the legal track is given: signed hand-overs with their proof, and the record of a case as one document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.outreach.application.desk_records import MatterFilter
from services.outreach.application.escalation_records import KeptProof, LegalHandover
from services.outreach.application.ports import Resources
from services.outreach.domain.desk.pack import make_pack
from services.outreach.domain.gate.canonical import canonical
from shared.kernel.refusal import NotFound

ROWS_MAX = 1_000
MATTERS_MAX = 200
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Of a record without any decision."""
MATTER_FIELDS = ("matter_id", "kind", "topic", "state", "outcome", "root_cause")

SignedProof = tuple[LegalHandover, KeptProof]


async def list_signed_handovers(
    resources: Resources, since: datetime, after: UUID | None, limit: int
) -> Sequence[SignedProof]:
    """In the order of their signatures; `after` goes on behind one of them."""
    async with resources.begin() as work:
        found = await work.handovers.signed_since(since, after, limit)
        proofs = [await work.escalations.proof(each.signed_proof_id or each.proof_id) for each in found]
    return [(handover, proof) for handover, proof in zip(found, proofs, strict=True) if proof is not None]


async def show_signed_handover(resources: Resources, handover_id: UUID) -> LegalHandover:
    async with resources.begin() as work:
        handover = await work.handovers.get(handover_id)
    if handover is None:
        raise NotFound("handover_unknown", "there is no such hand-over")
    return handover


async def give_legal_record(resources: Resources, case_id: UUID) -> str:
    """Contacts, decisions (denials among them), holds, what was sent, complaints and disputes: ids, codes, hashes and
    moments as a canonical document. The same record gives the same bytes: it bears no time of its own."""
    async with resources.begin() as work:
        file = (await work.files.load([case_id])).get(case_id)
        if file is None:
            raise NotFound("case_unknown", "there is no such case")
        sections = await work.evidence.collect(case_id, file.person_id, [], ROWS_MAX)
        matters = [
            matter
            for is_open in (True, False)
            for matter in await work.matters.find(MatterFilter(is_open=is_open, case_id=case_id, limit=MATTERS_MAX))
        ]
    moments = [row["decided_at"] for row in sections["decisions"]]
    pack = make_pack({"case_id": case_id, "purpose": "legal"}, max(moments, default=NEVER), sections, ROWS_MAX)
    told: list[dict[str, Any]] = [
        {
            **{name: None if (v := getattr(matter, name)) is None else str(v) for name in MATTER_FIELDS},
            "received_at": matter.received_at.isoformat(),
            "closed_at": matter.closed_at.isoformat() if matter.closed_at else None,
        }
        for matter in sorted(matters, key=lambda each: str(each.matter_id))
    ]
    return canonical({"matters": told, "pack": pack.text, "pack_sha256": pack.sha256})
