"""How fast an outsider verifies a long log of decisions, and runs a new pack over it. No server takes part."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from uuid import UUID

from deploy.local.folder import REPOSITORY, LocalFolder
from services.outreach.domain.gate.canonical import digest
from services.outreach.domain.gate.chain import GENESIS, chained
from tests.unit.outreach.decision_log import Row, a_case, write_export

CASE_DECISIONS = 25
"""Over five weeks: about 60 in 100 allowed, 7 contacts of history on average and 20 at most."""
PART_CASES = 800
DISTINCT_CASES = 2_400
"""Beyond them the same lives are lived again under other names."""
NEW_PACK = """
pack: house-rules
version: 1
form: 2
jurisdiction: US
effective_from: "2026-01-01"
effective_to: null
rules:
  - {id: shorter_hours, type: hours, strength: regulation, clause: "house rule 1", opens: "10:00", closes: "17:00"}
"""


def measure(folder: LocalFolder, decisions: int, say: Callable[[str], None]) -> dict[str, float]:
    """Decisions per second on all cores, whole programs with their start, and the time for a million.

    Processor seconds as well: where the machine does other things, they tell what the time on a quiet one would be.
    """
    target = folder.root / "decisions-export"
    shutil.rmtree(target, ignore_errors=True)
    try:
        say(f"verifier: writing a log of {decisions} decisions")
        history = _write(target, decisions)
        pack = target.with_suffix(".yaml")
        pack.write_text(NEW_PACK, encoding="utf-8")
        say("verifier: running every decision again")
        verify_s, verify_cpu_s = _timed(["services.outreach.verifier", str(target)])
        say("verifier: running a new pack over the allowed contacts")
        travel_s, travel_cpu_s = _timed(
            ["services.outreach", "time-travel", str(target), "--pack", str(pack)], expected=1
        )
    finally:
        shutil.rmtree(target, ignore_errors=True)
    return {
        "verifier_decisions": float(decisions),
        "verifier_history_mean": history,
        "verifier_decisions_per_s": decisions / verify_s,
        "verifier_s_per_million": 1_000_000 * verify_s / decisions,
        "verifier_cpu_s_per_million": 1_000_000 * verify_cpu_s / decisions,
        "time_travel_decisions_per_s": decisions / travel_s,
        "time_travel_s_per_million": 1_000_000 * travel_s / decisions,
        "time_travel_cpu_s_per_million": 1_000_000 * travel_cpu_s / decisions,
    }


def _timed(words: list[str], expected: int = 0) -> tuple[float, float]:
    """Seconds by the clock, and of processors."""
    started, cpu_before = time.perf_counter(), _children_cpu_s()
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    if done.returncode != expected:
        raise RuntimeError(done.stdout[-2_000:])
    return time.perf_counter() - started, _children_cpu_s() - cpu_before


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _write(target: Path, decisions: int) -> float:
    cases = max(decisions // CASE_DECISIONS, 1)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        numbers = range(1, min(cases, DISTINCT_CASES) + 1)
        lives = list(pool.map(partial(a_case, decisions=CASE_DECISIONS), numbers, chunksize=50))
    write_export(target, _parts(lives, cases))
    contacts = [len(re.findall(r'","out"\]', row["facts"])) for rows in lives for row in rows]
    return sum(contacts) / len(contacts)


def _parts(lives: list[list[Row]], cases: int) -> Iterator[list[list[Row]]]:
    for start in range(0, cases, PART_CASES):
        yield [
            _again(lives[number % len(lives)], number // len(lives))
            for number in range(start, min(start + PART_CASES, cases))
        ]


def _again(rows: list[Row], turn: int) -> list[Row]:
    """The same life under another name, with all its hashes."""
    if turn == 0:
        return rows
    before = rows[0]["case_id"]
    case_id = str(UUID(int=UUID(before).int + (turn << 40)))
    chain_hash, renamed = GENESIS, []
    for row in rows:
        facts = row["facts"].replace(before, case_id)
        record = {name: value for name, value in row.items() if name not in ("facts", "chain_hash")}
        decision_id = str(UUID(int=UUID(row["decision_id"]).int + (turn << 80)))
        record.update(case_id=case_id, decision_id=decision_id, facts_hash=digest(facts))
        chain_hash = chained(chain_hash, record)
        renamed.append({**record, "facts": facts, "chain_hash": chain_hash})
    return renamed
