"""What is known about a case at a moment, read for a pack of evidence; the sealed packs and answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import insert, select

from services.outreach.adapters.desk_tables import desk_answers, evidence_packs
from services.outreach.application.desk_records import SealedAnswer, SealedPack
from shared.db.transaction import Transaction

# Each takes $1 the case, $2 the limit; the newest rows, each section in one order.
_SECTIONS = {
    "contacts": """
        SELECT attempt_id, channel, rung, template, contact_point_id, decision_id, state, outcome, receipt, counts,
               reserved_at, handed_over_at, settled_at
        FROM attempts WHERE case_id = $1 ORDER BY attempt_id DESC LIMIT $2""",
    "decisions": """
        SELECT decision_id, position, chain_hash, facts_hash, pack_hash, pack_set_hash, verdict, channel, rung, rules,
               decided_at
        FROM decisions WHERE case_id = $1 ORDER BY position DESC LIMIT $2""",
    "holds": """
        SELECT hold_id, kind, until, cause_event_type, applied_at, released_at, release_reason
        FROM holds WHERE case_id = $1 ORDER BY hold_id DESC LIMIT $2""",
    "replies": """
        SELECT reply_id, attempt_id, channel, intent, classified_by, received_at
        FROM replies WHERE case_id = $1 ORDER BY reply_id DESC LIMIT $2""",
    "call_notes": """
        SELECT attempt_id, staff_id, outcome, is_right_party, next_step, written_at
        FROM call_notes WHERE case_id = $1 ORDER BY written_at DESC, attempt_id LIMIT $2""",
    "templates": """
        SELECT s.attempt_id, s.template, s.language, s.content_hash, s.letter_hash, v.content_hash AS version_hash
        FROM sent_texts s LEFT JOIN template_versions v ON v.code || '.v' || v.version = s.template
        WHERE s.case_id = $1 ORDER BY s.attempt_id DESC LIMIT $2""",
    "visits": """
        SELECT visit_id, state, begins_at, ends_at FROM visits WHERE case_id = $1 ORDER BY visit_id DESC LIMIT $2""",
}
_PREFERENCES = """
SELECT entry_id, kind, withdraws, channel, contact_point_id, begins_at, ends_at, source, proof_reference, recorded_at
FROM preferences WHERE person_id = $1 ORDER BY entry_id DESC LIMIT $2
"""
# Whoever spoke with the person, made a call or was named: what they were certified for, revoked certificates as well.
_CERTIFICATES = """
SELECT c.certificate_id, c.staff_id, c.kind, c.issued_on, c.valid_until, r.revoked_at
FROM certificates c LEFT JOIN certificate_revocations r USING (certificate_id)
WHERE c.staff_id = ANY($3::text[]) OR c.staff_id IN (SELECT staff_id FROM hand_calls WHERE case_id = $1)
ORDER BY c.certificate_id DESC LIMIT $2
"""


class EvidenceRepository:
    """`Work.evidence`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def collect(
        self, case_id: UUID, person_id: UUID, staff: Collection[str], limit: int
    ) -> dict[str, list[dict[str, Any]]]:
        driver = await self._transaction.driver()
        found = {
            name: [dict(row) for row in await driver.fetch(statement, case_id, limit)]
            for name, statement in _SECTIONS.items()
        }
        for decision in found["decisions"]:
            decision["rules"] = orjson.loads(decision["rules"])
        found["preferences"] = [dict(row) for row in await driver.fetch(_PREFERENCES, person_id, limit)]
        found["certificates"] = [dict(row) for row in await driver.fetch(_CERTIFICATES, case_id, limit, list(staff))]
        return found

    async def keep(self, pack: SealedPack) -> None:
        row = {column.name: getattr(pack, column.name) for column in evidence_packs.c}
        await self._transaction.connection.execute(insert(evidence_packs).values(row))

    async def packs_of(self, subject_id: UUID) -> Sequence[SealedPack]:
        found = await self._transaction.connection.execute(
            select(evidence_packs).where(evidence_packs.c.subject_id == subject_id).order_by(evidence_packs.c.pack_id)
        )
        return [SealedPack(**row) for row in found.mappings()]

    async def keep_answer(self, answer: SealedAnswer) -> None:
        row = {column.name: getattr(answer, column.name) for column in desk_answers.c}
        await self._transaction.connection.execute(insert(desk_answers).values(row))

    async def answer_of(self, matter_id: UUID) -> SealedAnswer | None:
        found = await self._transaction.connection.execute(
            select(desk_answers).where(desk_answers.c.matter_id == matter_id)
        )
        row = found.mappings().first()
        return SealedAnswer(**row) if row is not None else None
