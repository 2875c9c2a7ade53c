"""A record on its way through a placement: as read, as examined, as answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from services.intake.domain.placement import Placement
from services.intake.domain.verification import Verification
from shared.kernel.refusal import Reason


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """A record as it came off the wire: a placement, or the reasons why it could not be read as one.

    `number` counts from 1; `line` is the line of the body where it begins, None where the form has no lines.
    """

    number: int
    line: int | None
    account_number: str | None
    placement: Placement | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ExaminedRecord:
    """A record after the checks that need nothing but the record itself. No reasons: it passed them."""

    record: ReadRecord
    verification: Verification | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a record: a case, or the reasons why not."""

    record: ReadRecord
    case_id: UUID
    reasons: tuple[Reason, ...] = ()

    @property
    def is_accepted(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class PlacementAnswer:
    """One outcome per record, in the order of the records."""

    batch_id: UUID
    outcomes: Sequence[Outcome]

    @property
    def accepted(self) -> int:
        return sum(outcome.is_accepted for outcome in self.outcomes)

    def pack(self) -> bytes:
        """The answer as it is kept for its idempotency key: without account numbers and without reasons why a record
        could not be read, for these name its fields. Both are personal, and the same request brings them along again.
        """
        outcomes = [[str(outcome.case_id), _packed(outcome)] for outcome in self.outcomes]
        return orjson.dumps([str(self.batch_id), outcomes])

    @classmethod
    def unpack(cls, packed: bytes, records: Sequence[ReadRecord]) -> PlacementAnswer:
        """The kept answer to the same records."""
        batch_id, outcomes = orjson.loads(packed)
        return cls(
            UUID(batch_id),
            [
                Outcome(record, UUID(case_id), record.reasons or tuple(Reason(*reason) for reason in reasons))
                for record, (case_id, reasons) in zip(records, outcomes, strict=True)
            ],
        )


def _packed(outcome: Outcome) -> list[list[str]]:
    if outcome.record.reasons:
        return []
    return [[reason.code, reason.pointer, reason.message] for reason in outcome.reasons]
