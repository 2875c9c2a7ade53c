"""A keyed token for a natural person, the same with every lender: so that caps count what all of them together did.

The token says who is the same person, and nothing else; outreach alone gets it. It is in no event, log or address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.intake.application.ports import Resources
from services.intake.application.rows import IdentityView
from services.intake.domain.person_token import statements


@dataclass(frozen=True, slots=True)
class PersonToken:
    """`key_id`: the version of the key that it was made under."""

    key_id: int
    token: str


@dataclass(frozen=True, slots=True)
class TokenisedPerson:
    person_id: UUID
    tokens: tuple[PersonToken, ...]


async def tokenise_persons(resources: Resources, person_ids: Sequence[UUID]) -> list[TokenisedPerson]:
    """The tokens of up to 1,000 persons under every key in use; those that are unknown or erased are left out.

    A person of whom nothing is known by which another lender could mean them has a token of their own.
    """
    async with resources.units.begin_for_all() as work:
        views = await work.persons.identities(person_ids)
    return [TokenisedPerson(view.person_id, _tokens(resources, view)) for view in views]


def _tokens(resources: Resources, view: IdentityView) -> tuple[PersonToken, ...]:
    seal = resources.vault.of(view.creditor_id).open_seal(view.person_id, view.wrapped_key)
    said = statements(
        name=seal.unseal("name", view.name_sealed),
        identity_number=seal.unseal("identity_number", view.identity_sealed) if view.identity_sealed else None,
        born_on=date.fromisoformat(seal.unseal("born_on", view.born_sealed)) if view.born_sealed else None,
        addresses=[
            (kind, seal.unseal(f"contact_point:{point_id}", sealed)) for point_id, kind, sealed in view.addresses
        ],
    )
    tokens = resources.vault.person_tokens(said or (f"alone\x00{view.person_id}",))
    return tuple(PersonToken(key_id, token.hex()) for key_id, token in tokens)
