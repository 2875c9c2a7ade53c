"""Move every number, time and day of every rule by one, and leave every rule out: which of it does no vector notice?

`python -m tests.unit.outreach.mutations [PACK...]` prints what no vector catches.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from services.outreach.adapters.rule_packs import InvalidPack, pack_documents, read_pack
from services.outreach.adapters.vectors import Vector, check, our_files, read_vectors, situation
from services.outreach.domain.gate.packs import Packs, RulePack

_WORDS = {"id", "type", "clause", "strength", "verdict", "confidence", "because", "pack", "version", "form", "rules"}
"""Keys of a pack or a rule that hold no parameter (rules are gone through one by one)."""
_TIME = re.compile(r"^\d\d:\d\d$")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")


@dataclass(frozen=True)
class Mutant:
    """One pack with one thing changed."""

    pack: str
    rule: str
    what: str
    changed: RulePack

    def __str__(self) -> str:
        return f"{self.pack}/{self.rule}: {self.what}"


def mutants(document: Mapping[str, Any]) -> Iterator[Mutant]:
    """Every rule left out; every parameter moved by one unit either way, where the pack still has its form."""
    pack = str(document["pack"])
    original = read_pack(document)
    yield from _moved_everywhere(document, "(pack)", ())
    for position, rule in enumerate(document["rules"]):
        left_out = tuple(kept for kept in original.rules if kept.id != rule["id"])
        yield Mutant(pack, rule["id"], "left out", replace(original, rules=left_out))
        yield from _moved_everywhere(document, rule["id"], ("rules", position))


def _moved_everywhere(document: Mapping[str, Any], name: str, where: tuple[Any, ...]) -> Iterator[Mutant]:
    """Every parameter of the part of the pack that lies there, moved; a pack that loses its form is none."""
    part: Any = document
    for step in where:
        part = part[step]
    for path, value in _parameters(part):
        for moved in _moved(value):
            altered = deepcopy(dict(document))
            _set(altered, (*where, *path), moved)
            try:
                changed = read_pack(altered)
            except InvalidPack:
                continue
            what = f"{'.'.join(map(str, path))} {value} -> {moved}"
            yield Mutant(str(document["pack"]), name, what, changed)


def survivors(
    documents: Sequence[Mapping[str, Any]], vectors: Sequence[Vector], names: Sequence[str] = ()
) -> list[Mutant]:
    """The mutants that every vector which can see them still answers as before."""
    packs = [read_pack(document) for document in documents]
    kept = Packs(packs)
    sound = [vector for vector in vectors if vector.ask == "decide" and not check(vector, kept)]
    seen = {pack.name: [vector for vector in sound if _sees(vector, pack)] for pack in packs}
    alive = []
    for document in documents:
        name = str(document["pack"])
        if names and name not in names:
            continue
        others = [pack for pack in packs if pack.name != name]
        for mutant in mutants(document):
            changed = Packs([*others, mutant.changed])
            near = sorted(seen[name], key=lambda vector: not _is_near(vector, mutant))
            if not any(check(vector, changed) for vector in near):
                alive.append(mutant)
    return alive


def _sees(vector: Vector, pack: RulePack) -> bool:
    """By its place and by what it judges. A pack out of force on the vector's day may come into force by a change."""
    if vector.only and pack.name not in vector.only:
        return False
    _, facts, _, _ = situation(vector)
    return pack.holds_at(facts.place)


def _is_near(vector: Vector, mutant: Mutant) -> bool:
    """It names the rule, or at least the pack: likely to notice, so asked first."""
    return vector.pack == mutant.pack and mutant.rule in str(vector.expect)


def _parameters(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict):
        for key, entry in value.items():
            if path or key not in _WORDS:
                yield from _parameters(entry, (*path, key))
    elif isinstance(value, list):
        for position, entry in enumerate(value):
            yield from _parameters(entry, (*path, position))
    elif isinstance(value, int | str) and not isinstance(value, bool):
        yield path, value


def _moved(value: Any) -> list[Any]:
    if isinstance(value, int):
        return [value - 1, value + 1]
    if _TIME.match(value):
        moment = datetime.fromisoformat(f"2026-01-02T{value}")
        moved = [moment + timedelta(minutes=minutes) for minutes in (-1, 1)]
        return [entry.strftime("%H:%M") for entry in moved if entry.date() == moment.date()]
    if _DAY.match(value):
        return [(date.fromisoformat(value) + timedelta(days=days)).isoformat() for days in (-1, 1)]
    return []


def _set(target: Any, path: tuple[Any, ...], value: Any) -> None:
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value


def main(names: Sequence[str]) -> int:
    alive = survivors(pack_documents(), read_vectors(our_files()), names)
    print("\n".join([*map(str, alive), f"{len(alive)} changes are noticed by no vector"]))
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
