"""A whole export, verified part by part on as many processes as are given."""

from __future__ import annotations

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from services.outreach.verifier.anchors import Anchors, read_anchors
from services.outreach.verifier.export import Export
from services.outreach.verifier.packs import ExportedPacks
from services.outreach.verifier.rerun import SHOWN_MAX, Difference, PartResult, verify_part

SAY_EVERY_S = 1.0

_Counter = Any
"""A number that several processes raise; its type depends on how processes are started."""


@dataclass(slots=True)
class Verified:
    """What verifying came to. `differing` counts decisions and everything else that does not fit."""

    decisions: int = 0
    cases: int = 0
    differing: int = 0
    differences: list[Difference] = field(default_factory=list)
    denials_by_rule: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)

    @property
    def is_intact(self) -> bool:
        return self.differing == 0

    def add(self, part: PartResult) -> None:
        self.decisions += part.decisions
        self.cases += part.cases
        self.denials_by_rule.update(part.denials_by_rule)
        self.verdicts.update(part.verdicts)
        self.find(part.differences, part.differing)

    def find(self, differences: Sequence[Difference], count: int | None = None) -> None:
        self.differing += len(differences) if count is None else count
        self.differences += differences[: max(SHOWN_MAX - len(self.differences), 0)]


def verify(
    export: Export, processes: int, say: Callable[[int, int], None], anchors_file: Path | None = None
) -> Verified:
    """Check every byte, run every decision again, follow every chain. `say` hears (done, of) now and then.

    `anchors_file`: events of the time. Raises `NoExport` or `NoAnchors` where there is nothing to verify.
    """
    anchors = read_anchors(anchors_file)
    verified = Verified()
    verified.find([Difference(None, None, (fault,)) for fault in export.check_bytes()])
    verified.find([Difference(None, None, (fault,)) for fault in ExportedPacks(export).faults])
    counter = multiprocessing.Value("q", 0)
    anchored: set[str] = set()
    with _telling(counter, int(export.manifest.get("decisions", 0)), say):
        for part, result in _results(export, processes, _Given(export.path, anchors_file, counter)):
            if isinstance(result, PartResult):
                verified.add(result)
                anchored.update(result.anchored)
            else:
                verified.find([Difference(None, None, (f"{part}: cannot be verified: {result}",))])
    verified.find(_missing(export, anchors, anchored))
    for name, counted in (("decisions", verified.decisions), ("cases", verified.cases), ("parts", len(export.parts))):
        said = export.manifest.get(name)
        if said != counted:
            verified.find([Difference(None, None, (f"the manifest says {said} {name}, there are {counted}",))])
    return verified


def _missing(export: Export, anchors: Anchors, anchored: set[str]) -> list[Difference]:
    """A decision that an event told of is in every later export of everything."""
    if export.manifest.get("case_id") is not None or export.manifest.get("since") is not None:
        return []
    exported_at = datetime.fromisoformat(export.manifest["exported_at"])
    what = ("anchor: an event told of this decision, and it is not in the export",)
    return [Difference(name, None, what) for name in sorted(anchors.due_by(exported_at)) if name not in anchored]


def _results(export: Export, processes: int, given: _Given) -> Iterator[tuple[str, PartResult | str]]:
    """In the order of the parts, so that the same export always gives the same report."""
    parts = export.parts
    if min(processes, len(parts)) <= 1:
        _start(given)
        for part in parts:
            yield part, _verify(part)
        return
    with ProcessPoolExecutor(min(processes, len(parts)), initializer=_start, initargs=(given,)) as pool:
        futures = {pool.submit(_verify, part): part for part in parts}
        done: dict[str, PartResult | str] = {}
        for future in as_completed(futures):
            done[futures[future]] = _result(future)
    yield from ((part, done[part]) for part in parts)


def _result(future: Future[PartResult | str]) -> PartResult | str:
    try:
        return future.result()
    except Exception as error:
        return f"its process ended: {type(error).__name__}"


@dataclass(frozen=True, slots=True)
class _Given:
    """What a process is started with."""

    path: Path
    anchors_file: Path | None
    counter: _Counter


@dataclass(slots=True)
class _Process:
    """What a process verifies with; packs and anchors are read once in each."""

    export: Export
    packs: ExportedPacks
    anchors: Anchors
    counter: _Counter


_process: list[_Process] = []


def _start(given: _Given) -> None:
    export = Export(given.path)
    _process[:] = [_Process(export, ExportedPacks(export), read_anchors(given.anchors_file), given.counter)]


def _verify(part: str) -> PartResult | str:
    (here,) = _process

    def say(count: int) -> None:
        with here.counter.get_lock():
            here.counter.value += count

    try:
        return verify_part(here.export, here.packs, here.anchors, part, say)
    except Exception as error:
        return type(error).__name__


@contextmanager
def _telling(counter: _Counter, total: int, say: Callable[[int, int], None]) -> Iterator[None]:
    ended = threading.Event()

    def tell() -> None:
        while not ended.wait(SAY_EVERY_S):
            say(counter.value, total)

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()
