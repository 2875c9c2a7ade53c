"""Rebuild the books of every case from an exported journal and compare them with the books on file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.negotiation.application.ports import OpenWork
from services.negotiation.application.remittance_ports import BooksOnFile
from services.negotiation.domain.replay import TYPES, Replayed, Told, replay_case

CASES_MAX = 1_000
EVENTS_MAX = 5_000_000
"""Events about books in one journal; more than this does not fit into memory, and the journal is replayed in parts."""
DIFFERENCES_MAX = 1_000


@dataclass(slots=True)
class ReplayVerdict:
    """`is_equal` where every case on file has exactly the books that follow from the journal."""

    cases: int = 0
    events: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        return not self.differences


async def replay_books(begin: OpenWork, journal: Iterable[Mapping[str, Any]]) -> ReplayVerdict:
    """`journal`: entries as reporting exports them (`type`, `event_id`, `key`, `sequence`, `body`), in any order."""
    verdict = ReplayVerdict()
    told = _by_case(journal, verdict)
    after = UUID(int=0)
    while True:
        async with begin() as work:
            on_file = await work.agency.books_on_file(after, CASES_MAX)
        for books in on_file:
            verdict.cases += 1
            _compare(books, replay_case(told.pop(books.case_id, [])), verdict)
        if len(on_file) < CASES_MAX:
            break
        after = on_file[-1].case_id
    # An event of a case that nobody has here; facts of refused records are told under ids that are no case.
    for case_id, events in told.items():
        if any(event.type == "case.received" for event in events):
            verdict.differences.append(f"{case_id}: in the journal and not on file")
    del verdict.differences[DIFFERENCES_MAX:]
    return verdict


def _by_case(journal: Iterable[Mapping[str, Any]], verdict: ReplayVerdict) -> dict[UUID, list[Told]]:
    told: dict[UUID, list[Told]] = defaultdict(list)
    for entry in journal:
        if entry["type"] not in TYPES:
            continue
        verdict.events += 1
        if verdict.events > EVENTS_MAX:
            raise ValueError("more events about books than one replay takes")
        case_id = UUID(entry["key"])
        told[case_id].append(Told(entry["type"], UUID(entry["event_id"]), case_id, entry["sequence"], entry["body"]))
    return told


def _compare(on_file: BooksOnFile, replayed: Replayed, verdict: ReplayVerdict) -> None:
    found = list(replayed.differences)
    if not replayed.is_open:
        found.append("on file and not in the journal")
    elif replayed.books != on_file.books:
        found.append(f"on file is {on_file.books}, from the journal follows {replayed.books}")
    else:
        found += [
            f"account {account}: on file {on_file.sums[account]}, from the journal {amount}"
            for account, amount in replayed.sums.items()
            if on_file.sums[account] != amount
        ]
    verdict.differences += [f"{on_file.case_id}: {difference}" for difference in found]
