"""Which persons of different lenders are one: a shared token joins them, and joins what either was joined with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

Token = tuple[int, bytes]
"""(version of the key, keyed hash). Says that two persons are one, and nothing else."""


@dataclass(frozen=True, slots=True)
class Joined:
    """`group_of`: person -> group. `tokens`: new token -> group. `merged`: a group that is no more -> its heir."""

    group_of: Mapping[UUID, UUID]
    tokens: Mapping[Token, UUID]
    merged: Mapping[UUID, UUID]


def join(
    tokens: Mapping[UUID, Collection[Token]],
    known: Mapping[Token, UUID],
    groups: Mapping[UUID, UUID],
    new_group: Callable[[], UUID],
) -> Joined:
    """`known`: the groups of tokens seen before. `groups`: the groups that some of these persons are in already.

    A person never leaves a group: what was counted together once stays counted together.
    """
    heir: dict[UUID, UUID] = {}

    def find(group: UUID) -> UUID:
        while group in heir:
            group = heir[group]
        return group

    placed: dict[Token, UUID] = dict(known)
    group_of: dict[UUID, UUID] = {}
    for person_id in sorted(tokens):
        meant = {find(placed[token]) for token in tokens[person_id] if token in placed}
        if person_id in groups:
            meant.add(find(groups[person_id]))
        # The oldest group inherits: ids are drawn in the order of time.
        first, *others = sorted(meant) or [new_group()]
        for other in others:
            heir[other] = first
        placed |= dict.fromkeys(tokens[person_id], first)
        group_of[person_id] = first
    return Joined(
        group_of={person_id: find(group) for person_id, group in group_of.items()},
        tokens={token: find(group) for token, group in placed.items() if token not in known},
        merged={group: find(group) for group in heir},
    )
