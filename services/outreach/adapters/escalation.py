"""The records of escalation in PostgreSQL: what was tried, what could not be tried, and what was proven."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.outreach.application.escalation_records import KeptProof
from services.outreach.domain.escalation.records import Excuse, History, RecordedAttempt
from shared.db.transaction import Transaction

LOOK_BACK = timedelta(days=730)
"""As far back as any evidence is fresh enough for any rung."""

# Steps alone: an answer, a reminder of a kept plan and a visit's announcement press nobody, and prove no pressure.
_ATTEMPTS = """
SELECT attempt_id, decision_id, case_id, rung, outcome, handed_over_at AS at FROM attempts
WHERE case_id = ANY($1::uuid[]) AND state = 'settled' AND handed_over_at > $2
  AND template ~ '^(reminder|call|letter|visit)(_|$)' ORDER BY handed_over_at, attempt_id
"""
_EXCUSES = """
SELECT decision_id, case_id, rung, excused_at AS at FROM rung_excuses
WHERE case_id = ANY($1::uuid[]) AND excused_at > $2 ORDER BY excused_at, decision_id
"""
# Whoever answers about one case has answered: the answer counts for every case of the person.
_ANSWERED = """
SELECT c.case_id, max(r.received_at) AS at
FROM cases c JOIN cases o ON o.person_id = c.person_id JOIN replies r ON r.case_id = o.case_id
WHERE c.case_id = ANY($1::uuid[]) GROUP BY c.case_id
"""
# The words of a person count for every case of theirs, as an answer does.
_CALL_BACK = """
SELECT max(at) FROM (
    SELECT r.received_at AS at FROM cases c JOIN cases o ON o.person_id = c.person_id
    JOIN replies r ON r.case_id = o.case_id WHERE c.case_id = $1 AND r.intent = 'call_back'
    UNION ALL
    SELECT n.written_at FROM cases c JOIN cases o ON o.person_id = c.person_id
    JOIN call_notes n ON n.case_id = o.case_id WHERE c.case_id = $1 AND n.next_step = 'call_back') AS asked
"""


class EscalationRepository:
    """`Work.escalations`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def histories(self, case_ids: Collection[UUID]) -> dict[UUID, History]:
        if not case_ids:
            return {}
        driver = await self._transaction.driver()
        wanted, since = list(case_ids), self._transaction.now - LOOK_BACK
        attempts: dict[UUID, list[RecordedAttempt]] = defaultdict(list)
        for row in await driver.fetch(_ATTEMPTS, wanted, since):
            attempts[row["case_id"]].append(RecordedAttempt(**dict(row)))
        excuses: dict[UUID, list[Excuse]] = defaultdict(list)
        for row in await driver.fetch(_EXCUSES, wanted, since):
            excuses[row["case_id"]].append(Excuse(**dict(row)))
        answered: dict[UUID, datetime] = {row["case_id"]: row["at"] for row in await driver.fetch(_ANSWERED, wanted)}
        return {
            case_id: History(case_id, tuple(attempts[case_id]), tuple(excuses[case_id]), answered.get(case_id))
            for case_id in wanted
        }

    async def excuse(self, excuses: Sequence[Excuse]) -> None:
        if not excuses:
            return
        driver = await self._transaction.driver()
        await driver.execute(
            "INSERT INTO rung_excuses (decision_id, case_id, rung, excused_at) "
            "SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[]) ON CONFLICT DO NOTHING",
            [entry.decision_id for entry in excuses],
            [entry.case_id for entry in excuses],
            [entry.rung for entry in excuses],
            [entry.at for entry in excuses],
        )

    async def keep_proofs(self, proofs: Sequence[KeptProof]) -> None:
        if not proofs:
            return
        driver = await self._transaction.driver()
        await driver.copy_records_to_table(
            "rung_proofs",
            columns=("proof_id", "case_id", "rung", "document", "hash", "made_at"),
            records=[(p.proof_id, p.case_id, p.rung, p.document, p.hash, self._transaction.now) for p in proofs],
        )

    async def proof(self, proof_id: UUID) -> KeptProof | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow(
            "SELECT proof_id, case_id, rung, document, hash FROM rung_proofs WHERE proof_id = $1", proof_id
        )
        return KeptProof(**dict(row)) if row is not None else None

    async def vulnerable_among(self, case_ids: Collection[UUID]) -> set[UUID]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT c.case_id FROM cases c WHERE c.case_id = ANY($1::uuid[]) AND EXISTS ("
            "SELECT 1 FROM cases o WHERE o.person_id = c.person_id AND (o.is_vulnerable OR o.strategy = 'care'))",
            list(case_ids),
        )
        return {row["case_id"] for row in rows}

    async def call_back_at(self, case_id: UUID) -> datetime | None:
        driver = await self._transaction.driver()
        found: datetime | None = await driver.fetchval(_CALL_BACK, case_id)
        return found
