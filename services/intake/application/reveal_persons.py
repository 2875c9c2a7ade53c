"""Reveal what the vault holds to another service, at the moment of need: a value to send to, a name to greet by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.intake.application.person_files import value_index
from services.intake.application.ports import Resources

BATCH_MAX = 1_000
ENDING_LENGTH = 4


@dataclass(frozen=True, slots=True)
class RevealedContactPoint:
    contact_point_id: UUID
    kind: str
    value: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class RevealedPerson:
    case_id: UUID
    name: str
    creditor_name: str
    account_ending: str | None
    """What a notice may show of the account's number: as much as tells it from others."""


@dataclass(frozen=True, slots=True)
class FoundContactPoint:
    contact_point_id: UUID
    person_id: UUID
    case_ids: tuple[UUID, ...]


async def reveal_contact_points(resources: Resources, ids: Sequence[UUID]) -> list[RevealedContactPoint]:
    """The values of up to `BATCH_MAX` contact points; those that are unknown or erased are left out."""
    async with resources.units.begin_for_all() as work:
        views = await work.persons.reveal(ids)
    revealed = []
    for view in views:
        seal = resources.vault.of(view.creditor_id).open_seal(view.person_id, view.wrapped_key)
        value = seal.unseal(f"contact_point:{view.contact_point_id}", view.value_sealed)
        name = seal.unseal("name", view.name_sealed)
        revealed.append(RevealedContactPoint(view.contact_point_id, view.kind, value, name, view.language))
    return revealed


async def reveal_persons(resources: Resources, case_ids: Sequence[UUID]) -> list[RevealedPerson]:
    """The names of up to `BATCH_MAX` cases' borrowers; unknown cases and erased persons are left out."""
    async with resources.units.begin_for_all() as work:
        views = await work.persons.reveal_by_case(case_ids)
    revealed = []
    for view in views:
        seal = resources.vault.of(view.creditor_id).open_seal(view.person_id, view.wrapped_key)
        number = seal.unseal("account_number", view.number_sealed) if view.number_sealed is not None else ""
        name = seal.unseal("name", view.name_sealed)
        revealed.append(RevealedPerson(view.case_id, name, view.creditor_name, _ending_of(number)))
    return revealed


def _ending_of(number: str) -> str | None:
    """At most half of what there is: a short number must not be told whole."""
    signs = "".join(sign for sign in number if sign.isascii() and sign.isalnum())
    shown = min(ENDING_LENGTH, len(signs) // 2)
    return signs[-shown:] if shown else None


async def find_contact_point(resources: Resources, kind: str, value: str) -> list[FoundContactPoint]:
    """Whose contact point this is, in any tenant: a reply came from it. An ill-formed value finds nothing."""
    forms = {
        normal
        for jurisdiction in resources.rules.jurisdictions
        if (normal := resources.contact_points.read(kind, value, jurisdiction, is_invented=True)[0]) is not None
    }
    found = []
    async with resources.units.begin_for_all() as work:
        tenants = await work.creditors.all_ids() if forms else ()
        for form in sorted(forms):
            indexes = {tenant: value_index(resources.vault.of(tenant), kind, form) for tenant in tenants}
            found += [FoundContactPoint(*match) for match in await work.persons.find_by_value(indexes)]
    return found
