"""What the export of decisions needs of the outside: where they are kept, and somewhere to write them to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.outreach.application.records import DecisionRow
from services.outreach.domain.gate.canonical import Document
from services.outreach.domain.gate.chain import ChainLink


@dataclass(frozen=True, slots=True)
class Scope:
    """Which decisions. `since`: from the first decision of a case at or after it, to the case's last one."""

    case_id: UUID | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChainSection:
    """A stretch of a case's chain: what stands before its first decision, and its last one, the head."""

    case_id: UUID
    before: ChainLink
    head: ChainLink


@dataclass(frozen=True, slots=True)
class FileNote:
    """A file that was written: its path in the archive, SHA-256 in hex, and length."""

    path: str
    sha256: str
    bytes: int


class OpenFile(Protocol):
    def write(self, content: bytes) -> None: ...


class Archive(Protocol):
    """A folder or a zip file. One file is open at a time."""

    def file(self, path: str) -> AbstractContextManager[OpenFile]: ...

    def seal(self, manifest: Document) -> str:
        """Write the manifest with the notes of all files; its SHA-256. Nothing is written after it."""
        ...


class Chains(Protocol):
    """Decisions by the chains that they stand in. Reads only what is committed, and decisions never change."""

    async def count(self, scope: Scope) -> int: ...

    async def sections(self, scope: Scope, after: UUID | None, limit: int) -> list[ChainSection]:
        """Cases in order, with the stretch of each that is in scope."""
        ...

    async def decisions(
        self, sections: Sequence[ChainSection], after: tuple[UUID, int] | None, limit: int
    ) -> list[DecisionRow]:
        """The decisions of these stretches by case and position, after a place."""
        ...

    async def pack_sets(self, hashes: Collection[str]) -> dict[str, dict[str, str]]:
        """Set -> label -> document's hash; sets that were not kept are absent."""
        ...

    async def pack_documents(self, hashes: Collection[str]) -> dict[str, str]:
        """Hash -> canonical text."""
        ...
