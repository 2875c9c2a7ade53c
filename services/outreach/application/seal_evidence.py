"""Evidence as it is at a moment: collected, made one canonical document, hashed, sealed, and never changed again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from hashlib import sha256
from time import perf_counter
from typing import Any
from uuid import UUID

from services.outreach.application import desk_metrics
from services.outreach.application.desk_records import SealedPack
from services.outreach.application.ports import Resources, Work
from services.outreach.domain.desk.pack import make_pack
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict

ROWS_MAX = 1_000
"""Of each kind, the newest; the pack says where there may be more."""


async def seal_evidence(
    resources: Resources,
    work: Work,
    subject: Mapping[str, Any],
    person_id: UUID,
    staff: Collection[str],
    locked_until: date | None = None,
) -> SealedPack:
    """`subject` names `id` and `case_id`. In the caller's transaction, so that it is there when the matter is."""
    began = perf_counter()
    sections = await work.evidence.collect(subject["case_id"], person_id, staff, ROWS_MAX)
    pack = make_pack(subject, work.now, sections, ROWS_MAX)
    sealed = SealedPack(
        pack_id=new_id(),
        subject_id=subject["id"],
        person_id=person_id,
        sha256=pack.sha256,
        sealed=resources.sealer.seal_bytes(person_id, pack.text.encode()),
        locked_until=locked_until,
        taken_at=work.now,
    )
    await work.evidence.keep(sealed)
    desk_metrics.PACK_SECONDS.observe(perf_counter() - began)
    return sealed


def open_pack(resources: Resources, pack: SealedPack) -> bytes:
    """The canonical document. Raises `Conflict` where it is not the one whose hash was kept."""
    document = resources.sealer.open_bytes(pack.person_id, pack.sealed)
    if sha256(document).hexdigest() != pack.sha256:
        raise Conflict("evidence_changed", "the evidence is not what its hash was kept of")
    return document
