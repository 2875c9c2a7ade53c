"""Places the lists with intake and lets the people behind accepted records settle in."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.sandbox.borrowers.borrower import Borrower, borrower_of
from deploy.sandbox.lenders import Lender
from deploy.sandbox.placement_file import Line, PlacementFile
from deploy.sandbox.population import Population
from deploy.sandbox.post_office import PostOffice

CHUNK_RECORDS = 50


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that intake refused: where it stands in the list, and why."""

    line: int
    account_number: str | None
    codes: tuple[str, ...]
    pointers: tuple[str, ...]


@dataclass(slots=True)
class Placed:
    """What became of all lists. `cases`: the ids of accepted records. `traces`: of the record sent first by each."""

    sent: int = 0
    cases: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)


async def place_list(
    seed: int,
    lender: Lender,
    file: PlacementFile,
    population: Population,
    post_office: PostOffice,
    placed: Placed,
    settle: Callable[[], Awaitable[None]],
) -> None:
    """Send one lender's list: the first record alone, so that one trace shows one case, the rest in chunks.

    Each chunk is waited for with `settle`: on a slow machine the first messages of everybody at once would run into
    time limits, and a message that is sent again later is another run.
    """
    for n, chunk in enumerate(_chunks(file.lines)):
        traceparent, trace_id = _new_trace(is_sampled=n == 0)
        if n == 0:
            placed.traces.append(trace_id)
        with post_office.shut():
            answers = await lender.place(file, chunk, n, traceparent)
            population.settle_in(_note(seed, lender, placed, chunk, answers))
        await settle()


def _chunks(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    if lines:
        yield lines[:1]
    for start in range(1, len(lines), CHUNK_RECORDS):
        yield lines[start : start + CHUNK_RECORDS]


def _note(
    seed: int, lender: Lender, placed: Placed, chunk: Sequence[Line], answers: Sequence[Mapping[str, Any]]
) -> list[Borrower]:
    newcomers = []
    placed.sent += len(chunk)
    for answer in answers:
        line = chunk[int(answer["record_number"]) - 1]
        if "case_id" in answer:
            case_id = str(answer["case_id"])
            placed.cases.append(case_id)
            if line.record is not None:
                newcomers.append(borrower_of(seed, lender.profile.name, line.record, case_id))
            continue
        account_number = answer.get("account_number") or (line.record or {}).get("account_number")
        codes = tuple(str(error["code"]) for error in answer["errors"])
        pointers = tuple(str(error.get("pointer", "")) for error in answer["errors"])
        placed.rejected.append(Rejected(line.number, account_number, codes, pointers))
    return newcomers


def _new_trace(*, is_sampled: bool) -> tuple[str, str]:
    """A W3C trace context of the lender's own, as a platform that traces its calls sends it; and the trace's id.

    A chunk's trace would hold fifty cases and show none, so it is not sampled.
    """
    trace_id = secrets.token_hex(16)
    return f"00-{trace_id}-{secrets.token_hex(8)}-{'01' if is_sampled else '00'}", trace_id
