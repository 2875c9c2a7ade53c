"""Hand the decisions out: whole chains, the packs that decided, and a manifest, for whoever wants to run them again.

Decisions are append-only, so each page is a short transaction of its own and the export still fits together: a chain
is read up to the head that was seen first. One part is open at a time; memory holds one page and the heads of a part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from uuid import UUID

from services.outreach.application.ports import Resources
from services.outreach.application.proof_ports import Archive, ChainSection, OpenFile, Scope
from services.outreach.domain.gate.canonical import Document, canonical

FORM, FORM_VERSION = "concord-decisions", 1
PART_DECISIONS = 20_000
"""Decisions in one file, about; parts are verified beside each other. A chain is never torn."""
SECTIONS_PAGE = 500
DECISIONS_PAGE = 1_000
PACK_DOCUMENTS_PAGE = 50


@dataclass(slots=True)
class _Tally:
    decisions: int = 0
    cases: int = 0
    parts: int = 0
    pack_sets: set[str] = field(default_factory=set)


async def export_chains(
    resources: Resources, archive: Archive, scope: Scope, say: Callable[[str], None]
) -> tuple[int, str]:
    """Write everything in scope; answers with the number of decisions and the manifest's SHA-256."""
    async with resources.begin() as work:
        total = await work.chains.count(scope)
    tally = _Tally()
    pending: list[ChainSection] = []
    after: UUID | None = None
    while True:
        async with resources.begin() as work:
            found = await work.chains.sections(scope, after, SECTIONS_PAGE)
        pending += found
        while pending and (not found or _length(pending) >= PART_DECISIONS):
            part, pending = _cut(pending)
            await _write_part(resources, archive, part, tally)
            say(f"{tally.decisions} of {max(total, tally.decisions)} decisions exported")
        if not found:
            break
        after = found[-1].case_id
    await _write_packs(resources, archive, tally)
    manifest = {
        "form": FORM,
        "version": FORM_VERSION,
        "exported_at": resources.clock.now().astimezone(UTC).isoformat(),
        "case_id": str(scope.case_id) if scope.case_id is not None else None,
        "since": scope.since.astimezone(UTC).isoformat() if scope.since is not None else None,
        "decisions": tally.decisions,
        "cases": tally.cases,
        "parts": tally.parts,
    }
    return tally.decisions, archive.seal(manifest)


def _length(sections: list[ChainSection]) -> int:
    return sum(section.head.position - section.before.position for section in sections)


def _cut(sections: list[ChainSection]) -> tuple[list[ChainSection], list[ChainSection]]:
    """Whole chains until a part is full."""
    length = 0
    for count, section in enumerate(sections, 1):
        length += section.head.position - section.before.position
        if length >= PART_DECISIONS:
            return sections[:count], sections[count:]
    return sections, []


async def _write_part(resources: Resources, archive: Archive, part: list[ChainSection], tally: _Tally) -> None:
    tally.parts += 1
    tally.cases += len(part)
    with archive.file(f"decisions/{tally.parts:05}.jsonl") as file:
        for start in range(0, len(part), SECTIONS_PAGE):
            await _write_decisions(resources, file, part[start : start + SECTIONS_PAGE], tally)
    with archive.file(f"heads/{tally.parts:05}.jsonl") as file:
        for section in part:
            file.write(_line(_head(section)))


async def _write_decisions(resources: Resources, file: OpenFile, sections: list[ChainSection], tally: _Tally) -> None:
    place: tuple[UUID, int] | None = None
    while True:
        async with resources.begin() as work:
            rows = await work.chains.decisions(sections, place, DECISIONS_PAGE)
        for row in rows:
            tally.pack_sets.add(row["pack_set_hash"])
            file.write(_line(row))
        tally.decisions += len(rows)
        if len(rows) < DECISIONS_PAGE:
            return
        place = UUID(rows[-1]["case_id"]), rows[-1]["position"]


async def _write_packs(resources: Resources, archive: Archive, tally: _Tally) -> None:
    """The documents themselves, each named by its hash, and which of them were loaded together."""
    async with resources.begin() as work:
        sets = await work.chains.pack_sets(sorted(tally.pack_sets))
    with archive.file("pack_sets.json") as file:
        file.write(_line(dict(sets)))
    wanted = sorted({document for packs in sets.values() for document in packs.values()})
    for start in range(0, len(wanted), PACK_DOCUMENTS_PAGE):
        async with resources.begin() as work:
            documents = await work.chains.pack_documents(wanted[start : start + PACK_DOCUMENTS_PAGE])
        for name, text in sorted(documents.items()):
            with archive.file(f"packs/{name}.json") as file:
                file.write(text.encode())


def _head(section: ChainSection) -> Document:
    return {
        "case_id": str(section.case_id),
        "position_before": section.before.position,
        "hash_before": section.before.chain_hash,
        "position": section.head.position,
        "chain_hash": section.head.chain_hash,
    }


def _line(document: Document) -> bytes:
    return canonical(document).encode() + b"\n"
