"""Take one word out of every list of a rule, or change what it counts: which does no vector notice?

Numbers, times and days are moved by `mutations`.

`python -m tests.unit.outreach.word_mutations PACK...` prints what no vector catches.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from services.outreach.adapters.rule_packs import InvalidPack, pack_documents, read_pack
from services.outreach.adapters.vectors import Vector, check, our_files, read_vectors
from services.outreach.domain.gate.packs import Packs, RulePack
from tests.unit.outreach.mutations import Mutant

_SWAPS = {
    "calendar": {"week": "month", "month": "week"},
    "on_holidays": {"closed": "same"},
    "about": {"interactive": "informative", "informative": "interactive"},
    "within": {"person": "group", "group": "person"},
    "per": {"person": "debt", "debt": "person", "contact_point": "person"},
    "unit": {
        "attempt": "placed",
        "placed": "attempt",
        "unanswered": "attempt",
        "conversation": "attempt",
        "effective": "conversation",
    },
}


def word_mutants(document: Mapping[str, Any]) -> Iterator[Mutant]:
    """Packs with one word less or one word else."""
    for what, altered in _changes(document):
        try:
            changed: RulePack = read_pack(altered)
        except (InvalidPack, ValueError):
            continue
        rule, _, rest = what.partition(": ")
        yield Mutant(str(document["pack"]), rule, rest, changed)


def _changes(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for position, rule in enumerate(document["rules"]):
        for what, altered in _rule_changes(rule):
            rules = deepcopy(document["rules"])
            rules[position] = altered
            yield f"{rule['id']}: {what}", {**document, "rules": rules}


def _rule_changes(rule: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, value in rule.items():
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            for word in value:
                yield f"{key} without {word}", {**rule, key: [kept for kept in value if kept != word]}
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for position, window in enumerate(value):
                for day in window.get("days", ()):
                    windows = deepcopy(value)
                    windows[position]["days"] = [kept for kept in window["days"] if kept != day]
                    yield f"{key}.{position} without {day}", {**rule, key: windows}
        if isinstance(value, str) and value in _SWAPS.get(key, {}):
            yield f"{key} {_SWAPS[key][value]}", {**rule, key: _SWAPS[key][value]}
        if isinstance(value, bool):
            yield f"{key} {not value}", {**rule, key: not value}


def unnoticed(documents: Sequence[Mapping[str, Any]], vectors: Sequence[Vector], names: Sequence[str]) -> list[Mutant]:
    """The changes that no vector answers otherwise."""
    packs = [read_pack(document) for document in documents]
    asked = [vector for vector in vectors if vector.ask == "decide"]
    alive = []
    for document in documents:
        name = str(document["pack"])
        if name not in names:
            continue
        others = [pack for pack in packs if pack.name != name]
        near = sorted(asked, key=lambda vector: vector.pack != name)
        for mutant in word_mutants(document):
            changed = Packs([*others, mutant.changed])
            if not any(check(vector, changed) for vector in near if not vector.only or name in vector.only):
                alive.append(mutant)
    return alive


def main(names: Sequence[str]) -> int:
    alive = unnoticed(pack_documents(), read_vectors(our_files()), names)
    print("\n".join([*map(str, alive), f"{len(alive)} changes are noticed by no vector"]))
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
