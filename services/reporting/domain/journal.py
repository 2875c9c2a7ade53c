"""The journal's chain: each entry's hash covers the entry and the hash before it, so no entry changes unnoticed.

    hash = SHA-256(previous hash || canonical JSON of the entry)

Canonical JSON is RFC 8785 for what contracts may contain: text, integers below 2^53, booleans, null, lists and objects
with ASCII names. Anybody can verify an export with any JSON library and SHA-256.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Literal
from uuid import UUID

from services.reporting.domain.facts import Fact

NOTHING_BEFORE = bytes(32)
"""The hash before the first entry."""

FaultKind = Literal["gap", "changed", "cut"]


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain: its position (0: the chain is empty) and its hash."""

    position: int = 0
    hash: bytes = NOTHING_BEFORE


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact in its place. Positions count from 1 without gaps."""

    position: int
    fact: Fact
    hash: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry that is not as it was written: changed, missing before it (`gap`), or cut off at the end."""

    position: int
    event_id: UUID | None
    kind: FaultKind


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sealed(position: int, fact: Fact) -> Mapping[str, Any]:
    """What an entry's hash is taken over, and what an export says."""
    return {
        "position": position,
        "event_id": str(fact.event_id),
        "type": fact.type,
        "key": str(fact.key),
        "occurred_at": fact.occurred_at.astimezone(UTC).isoformat(),
        "sequence": fact.sequence,
        "correlation_id": str(fact.correlation_id),
        "causation_id": str(fact.causation_id) if fact.causation_id else None,
        "body": fact.body,
    }


def entry_hash(previous: bytes, position: int, fact: Fact) -> bytes:
    return hashlib.sha256(previous + canonical(sealed(position, fact))).digest()


def extend(head: Head, facts: Iterable[Fact]) -> tuple[Head, list[Entry]]:
    """Put facts behind the head; answers with the new head and the entries to write."""
    entries = []
    for fact in facts:
        head = Head(head.position + 1, entry_hash(head.hash, head.position + 1, fact))
        entries.append(Entry(head.position, fact, head.hash))
    return head, entries


def follow(head: Head, entries: Iterable[Entry]) -> tuple[Head, Fault | None]:
    """Recompute the chain from a trusted head over the entries behind it; stops at the first fault."""
    for entry in entries:
        if entry.position != head.position + 1:
            return head, Fault(entry.position, entry.fact.event_id, "gap")
        if entry_hash(head.hash, entry.position, entry.fact) != entry.hash:
            return head, Fault(entry.position, entry.fact.event_id, "changed")
        head = Head(entry.position, entry.hash)
    return head, None
