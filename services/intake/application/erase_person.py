"""Erase a person: rows, key and blind indexes go; what was announced about the cases stays, without a name to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.application.ports import Resources
from services.intake.domain.refusals import PersonUnknown
from shared.events.person_erased import PersonErased

EVENT_CASES_MAX = 100


@dataclass(frozen=True, slots=True)
class Erasure:
    """`is_first` False: the person had been erased before, and nothing was announced again."""

    person_id: UUID
    case_ids: tuple[UUID, ...]
    at: datetime
    is_first: bool


async def erase_person(resources: Resources, person_id: UUID) -> Erasure:
    """Raises `PersonUnknown`."""
    async with resources.units.begin_for_all() as work:
        is_first = await work.persons.erase(person_id)
        cases = await work.cases.of_person(person_id)
        if not cases:
            raise PersonUnknown
        case_ids = tuple(case_id for case_id, _ in cases)
        if is_first:
            for start in range(0, len(case_ids), EVENT_CASES_MAX):
                work.announce(
                    PersonErased(
                        person_id=person_id,
                        creditor_id=cases[0][1],
                        case_ids=case_ids[start : start + EVENT_CASES_MAX],
                        erased_at=work.now,
                    )
                )
        await work.commit()
        return Erasure(person_id, case_ids, work.now, is_first)
