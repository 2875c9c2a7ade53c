"""What would have been a breach: past contacts that were allowed, asked again under packs that are new or changed."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import yaml

from services.outreach.adapters.rule_packs import InvalidPack, read_pack
from services.outreach.domain.gate.decision import answer
from services.outreach.domain.gate.packs import Packs, RulePack
from services.outreach.verifier.export import Export, NoExport
from services.outreach.verifier.inputs import read_inputs
from services.outreach.verifier.packs import ExportedPacks

SHOWN_MAX = 200
"""Breaches that the table shows; the JSON has all of them."""


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """A contact that was allowed then and would be denied or sent to review now, by one rule of the packs given."""

    decided_at: str
    decision_id: str
    rule: str
    clause: str
    verdict: str
    case_id: str
    creditor_id: str
    channel: str


@dataclass(frozen=True, slots=True)
class Travelled:
    """What one part, or the whole export, came to."""

    allowed: int
    breaches: list[Breach]
    unread: int


def travel(export: Export, packs: Sequence[RulePack], processes: int) -> Travelled:
    """Ask every allowed contact again with these packs beside those of then; a pack of the same name is replaced."""
    work = partial(_travel_part, export.path, tuple(packs))
    parts = export.parts
    if min(processes, len(parts)) <= 1:
        results = [work(part) for part in parts]
    else:
        with ProcessPoolExecutor(min(processes, len(parts))) as pool:
            results = list(pool.map(work, parts))
    return Travelled(
        allowed=sum(result.allowed for result in results),
        breaches=sorted(breach for result in results for breach in result.breaches),
        unread=sum(result.unread for result in results),
    )


def _travel_part(path: Path, changed: Sequence[RulePack], part: str) -> Travelled:
    export = Export(path)
    books = _Books(ExportedPacks(export), changed)
    allowed = unread = 0
    breaches: list[Breach] = []
    for row in _allowed(export, part):
        allowed += 1
        packs = books.then_and_now(row["pack_set_hash"])
        if packs is None:
            unread += 1
            continue
        breaches += _breaches(row, packs, books.names)
    return Travelled(allowed, breaches, unread)


def _allowed(export: Export, part: str) -> Iterator[Mapping[str, Any]]:
    for line in export.lines(part):
        row = orjson.loads(line)
        if row["verdict"] == "allow":
            yield row


class _Books:
    """The packs of then with the changed ones in their place."""

    def __init__(self, exported: ExportedPacks, changed: Sequence[RulePack]) -> None:
        self._exported = exported
        self._changed = changed
        self.names = frozenset(pack.name for pack in changed)
        self._merged: dict[str, Packs | None] = {}

    def then_and_now(self, set_hash: str) -> Packs | None:
        if set_hash not in self._merged:
            then = self._exported.loaded(set_hash)
            self._merged[set_hash] = (
                None if then is None else Packs([p for p in then if p.name not in self.names] + list(self._changed))
            )
        return self._merged[set_hash]


def _breaches(row: Mapping[str, Any], packs: Packs, names: frozenset[str]) -> Iterator[Breach]:
    seen = read_inputs(row["facts"])
    again = answer(seen.request, seen.facts, seen.history, packs, seen.now)
    if again.is_allowed:
        return
    for spoke in again.rules:
        # `missing_fact.x` names no pack: a fact that the new rule needs was not kept then.
        if "/" not in spoke.rule or spoke.rule.split("/", 1)[0] in names:
            yield Breach(
                decided_at=row["decided_at"],
                decision_id=row["decision_id"],
                rule=spoke.rule,
                clause=spoke.clause,
                verdict=spoke.verdict,
                case_id=row["case_id"],
                creditor_id=row["creditor_id"],
                channel=row["channel"],
            )


def main(words: Sequence[str]) -> int:
    """0 nothing would be a breach, 1 something would, 2 no export or no pack."""
    parser = argparse.ArgumentParser(
        prog="python -m services.outreach time-travel", description="run new or changed packs over past contacts"
    )
    parser.add_argument("export", type=Path, metavar="EXPORT")
    parser.add_argument("--pack", type=Path, action="append", required=True, metavar="FILE.yaml")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all breaches there")
    parser.add_argument("--as-of-then", action="store_true", help="only where the pack's own dates cover the contact")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args(words)
    try:
        packs = [_read(file, keeps_dates=given.as_of_then) for file in given.pack]
        travelled = travel(Export(given.export), packs, max(given.processes, 1))
    except (NoExport, InvalidPack, OSError, yaml.YAMLError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if given.json is not None:
        given.json.write_text(json.dumps(as_document(travelled), ensure_ascii=False, indent=2) + "\n", "utf-8")
    sys.stdout.write("".join(f"{line}\n" for line in as_table(travelled)))
    return 1 if travelled.breaches else 0


def _read(file: Path, *, keeps_dates: bool) -> RulePack:
    """As if it had been in force all the time, unless its dates are kept: what one wants to know of a new pack."""
    document = yaml.safe_load(file.read_text("utf-8"))
    if not keeps_dates:
        document = {**document, "effective_from": "0001-01-01", "effective_to": None}
    return read_pack(document)


def as_document(travelled: Travelled) -> dict[str, Any]:
    return {
        "allowed_contacts": travelled.allowed,
        "contacts_in_breach": len({breach.decision_id for breach in travelled.breaches}),
        "not_asked": travelled.unread,
        "creditors_to_tell": [
            {"creditor_id": creditor, "contacts": len(decisions), "cases": len(cases), "rules": sorted(rules)}
            for creditor, (decisions, cases, rules) in _by_creditor(travelled.breaches).items()
        ],
        "breaches": [
            {name: getattr(breach, name) for name in Breach.__dataclass_fields__} for breach in travelled.breaches
        ],
    }


def as_table(travelled: Travelled) -> Iterator[str]:
    for breach in travelled.breaches[:SHOWN_MAX]:
        yield f"{breach.decision_id}  case {breach.case_id}  {breach.channel:<6} {breach.rule}  {breach.clause}"
    if len(travelled.breaches) > SHOWN_MAX:
        yield f"... and {len(travelled.breaches) - SHOWN_MAX} more: --json FILE has them all"
    for rule, count in sorted(Counter(breach.rule for breach in travelled.breaches).items()):
        yield f"{count:>8}  {rule}"
    for creditor, (decisions, cases, _rules) in _by_creditor(travelled.breaches).items():
        yield f"to be told: creditor {creditor}, {len(decisions)} contacts on {len(cases)} cases"
    in_breach = len({breach.decision_id for breach in travelled.breaches})
    unasked = f", {travelled.unread} could not be asked: their packs are not in the export" if travelled.unread else ""
    yield f"{travelled.allowed} allowed contacts asked again, {in_breach} would be breaches{unasked}"


def _by_creditor(breaches: Sequence[Breach]) -> dict[str, tuple[set[str], set[str], set[str]]]:
    found: defaultdict[str, tuple[set[str], set[str], set[str]]] = defaultdict(lambda: (set(), set(), set()))
    for breach in breaches:
        decisions, cases, rules = found[breach.creditor_id]
        decisions.add(breach.decision_id)
        cases.add(breach.case_id)
        rules.add(breach.rule)
    return dict(sorted(found.items()))
