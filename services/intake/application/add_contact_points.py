"""Add contact points to a person, or renew what is known of those that are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.intake.application.announcements import contact_point
from services.intake.application.person_files import PersonFile, contact_point_row, value_index
from services.intake.application.ports import TenantVault, Work
from services.intake.application.rows import ContactPointRow, KnownPerson
from services.intake.domain.contact_point import CONTACT_POINTS_MAX, ContactPoint
from services.intake.domain.places import candidates
from services.intake.domain.refusals import PersonUnknown, RequestInvalid, TooManyContactPoints
from shared.events.person_updated import PersonUpdated
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Reason

EVENT_CASES_MAX = 100


@dataclass(frozen=True, slots=True)
class AddContactPoints:
    person_id: UUID
    contact_points: Sequence[ContactPoint]


async def add_contact_points(work: Work, vault: TenantVault, command: AddContactPoints) -> dict[str, Any]:
    """Raises `PersonUnknown`, `RequestInvalid` with a reason per bad value, `TooManyContactPoints`."""
    _must_be_valid(command.contact_points)
    known = await work.persons.known([], [command.person_id])
    if not known:
        raise PersonUnknown
    before = {row.contact_point_id: row for row in await work.persons.contact_points(command.person_id)}
    new, renewed = _rows(vault, known[0], before, command.contact_points)
    after = before | {row.contact_point_id: row for row in (*new, *renewed)}
    if len(after) > CONTACT_POINTS_MAX:
        raise TooManyContactPoints(CONTACT_POINTS_MAX)
    await work.persons.add_contact_points(new)
    await work.persons.renew_contact_points(renewed)
    cases = await work.cases.of_person(command.person_id)
    work.announce(
        PersonUpdated(
            person_id=command.person_id,
            creditor_id=cases[0][1],
            case_ids=tuple(case_id for case_id, _ in cases[-EVENT_CASES_MAX:]),
            contact_points=tuple(contact_point(row) for row in after.values()),
        )
    )
    ids = [str(row.contact_point_id) for row in (*new, *renewed)]
    return {"person_id": str(command.person_id), "contact_point_ids": ids}


def _rows(
    vault: TenantVault, person: KnownPerson, before: dict[UUID, ContactPointRow], points: Sequence[ContactPoint]
) -> tuple[list[ContactPointRow], list[ContactPointRow]]:
    file = PersonFile(person.person_id, vault.open_seal(person.person_id, person.wrapped_key), is_new=False)
    known_zones = [row.time_zones for row in before.values()]
    zones = candidates(*known_zones, *(point.zones for point in points))
    new: list[ContactPointRow] = []
    renewed: list[ContactPointRow] = []
    for point in points:
        index = value_index(vault, point.kind, point.value or "")
        known = person.contact_points.get(index)
        row = contact_point_row(file, known or new_id(), point, zones, index)
        (renewed if known else new).append(row)
    return new, renewed


def _must_be_valid(points: Sequence[ContactPoint]) -> None:
    reasons, seen = [], set()
    for index, point in enumerate(points):
        pointer = f"/contact_points/{index}/value"
        if point.value is None:
            reasons.append(Reason("contact_point_invalid", pointer, f"not a valid {point.kind} contact point"))
        elif point.value in seen:
            reasons.append(Reason("contact_point_repeated", pointer, "given twice"))
        seen.add(point.value)
    if reasons:
        raise RequestInvalid(reasons)
