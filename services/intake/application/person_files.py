"""Linking accounts to persons, and sealing what is known of them.

Two accounts are one person's where the identity number is the same, or where they are the same account placed again.
Nothing weaker links: telling one person about another's debt cannot be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.intake.application.ports import PersonSeal, TenantVault, Work
from services.intake.application.rows import ContactPointRow, KnownAccount, PersonRow
from services.intake.domain.contact_point import CONTACT_POINTS_MAX, ContactPoint
from services.intake.domain.placement import Placement
from services.intake.domain.places import candidates, zones_of_region
from shared.kernel.identifiers import new_id

_INDEX_FIELDS = {"email": "email", "mobile": "telephone", "landline": "telephone", "postal": "postal"}
"""Mobile and landline share an index: which of the two a number is, lenders often do not know."""


def value_index(vault: TenantVault, kind: str, value: str) -> bytes:
    """The blind index of a contact point's normal value."""
    return vault.index(_INDEX_FIELDS[kind], value.casefold())


@dataclass(slots=True)
class PersonFile:
    """A person of this tenant, new or known. `contact_points`: blind index -> id."""

    person_id: UUID
    seal: PersonSeal
    is_new: bool
    contact_points: dict[bytes, UUID] = field(default_factory=dict)


class PersonFiles:
    """The persons of one chunk of records."""

    def __init__(self, vault: TenantVault) -> None:
        self._vault = vault
        self._by_identity: dict[bytes, PersonFile] = {}
        self._by_id: dict[UUID, PersonFile] = {}
        self._rows: dict[UUID, PersonRow] = {}
        self._identity_indexes: dict[str, bytes] = {}
        self._new_points: list[ContactPointRow] = []
        self._renewed_points: dict[UUID, ContactPointRow] = {}

    async def load(self, work: Work, placements: Sequence[Placement], accounts: Iterable[KnownAccount]) -> None:
        """Open the files of persons that are known by an identity number or by an account placed again."""
        identities = {self._identity_index(placement) for placement in placements} - {None}
        person_ids = [account.person_id for account in accounts]
        if not identities and not person_ids:
            return
        for known in await work.persons.known([index for index in identities if index], person_ids):
            seal = self._vault.open_seal(known.person_id, known.wrapped_key)
            file = PersonFile(known.person_id, seal, is_new=False, contact_points=dict(known.contact_points))
            self._by_id[known.person_id] = file
            if known.identity_index is not None:
                self._by_identity[known.identity_index] = file

    def file_of(self, placement: Placement, account: KnownAccount | None) -> PersonFile:
        """The file that a placement belongs to, opened anew where there is none."""
        identity = self._identity_index(placement)
        file = self._by_identity.get(identity) if identity else None
        if file is None and identity is None and account is not None:
            file = self._by_id.get(account.person_id)
        if file is None:
            person_id = new_id()
            file = self._by_id[person_id] = PersonFile(person_id, self._vault.new_seal(person_id), is_new=True)
            if identity is not None:
                self._by_identity[identity] = file
        self._rows[file.person_id] = self._row(file, placement, identity)
        return file

    def add_contact_points(self, file: PersonFile, placement: Placement) -> list[ContactPointRow] | None:
        """The placement's contact points, known ones under their old ids; None where the person would have too many."""
        region_zones = zones_of_region(placement.jurisdiction, placement.borrower.region)
        zones = candidates(region_zones, *(point.zones for point in placement.contact_points))
        indexes = [value_index(self._vault, point.kind, point.value or "") for point in placement.contact_points]
        if len(file.contact_points.keys() | set(indexes)) > CONTACT_POINTS_MAX:
            return None
        rows = []
        for point, index in zip(placement.contact_points, indexes, strict=True):
            known = file.contact_points.get(index)
            row = contact_point_row(file, known or new_id(), point, zones, index)
            rows.append(row)
            if known is None:
                file.contact_points[index] = row.contact_point_id
                self._new_points.append(row)
            else:
                self._renewed_points[known] = row
        return rows

    async def write(self, work: Work) -> None:
        """Write persons before what refers to them."""
        await work.persons.add([row for row in self._rows.values() if self._by_id[row.person_id].is_new])
        await work.persons.renew([row for row in self._rows.values() if not self._by_id[row.person_id].is_new])
        new = {row.contact_point_id for row in self._new_points}
        await work.persons.add_contact_points(self._new_points)
        await work.persons.renew_contact_points([r for k, r in self._renewed_points.items() if k not in new])

    def _identity_index(self, placement: Placement) -> bytes | None:
        number = placement.borrower.identity_number
        if number is None:
            return None
        index = self._identity_indexes.get(number)
        if index is None:
            index = self._identity_indexes[number] = self._vault.index("identity_number", number.upper())
        return index

    def _row(self, file: PersonFile, placement: Placement, identity: bytes | None) -> PersonRow:
        borrower, seal = placement.borrower, file.seal
        number = borrower.identity_number
        return PersonRow(
            person_id=file.person_id,
            wrapped_key=seal.wrapped_key,
            name_sealed=seal.seal("name", borrower.name),
            identity_sealed=seal.seal("identity_number", number) if number else None,
            identity_index=identity,
            born_sealed=seal.seal("born_on", borrower.born_on.isoformat()) if borrower.born_on else None,
            language=placement.language,
            region=borrower.region,
        )


def contact_point_row(
    file: PersonFile, contact_point_id: UUID, point: ContactPoint, zones: tuple[str, ...], index: bytes
) -> ContactPointRow:
    """Seal one contact point for its person; the sealed value opens under this very id only."""
    assert point.value is not None
    return ContactPointRow(
        contact_point_id=contact_point_id,
        person_id=file.person_id,
        kind=point.kind,
        place=point.place,
        is_verified=point.is_verified,
        may_be_used=point.may_be_used,
        time_zones=zones,
        value_sealed=file.seal.seal(f"contact_point:{contact_point_id}", point.value),
        value_index=index,
    )
