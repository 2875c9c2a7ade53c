"""The packs in an export: the documents themselves, found by their hashes, put together as they were loaded."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import orjson
import yaml

from services.outreach.adapters.rule_packs import read_pack
from services.outreach.domain.gate.canonical import canonical, digest
from services.outreach.domain.gate.packs import Packs, RulePack
from services.outreach.verifier.export import Export

SETS = "pack_sets.json"


class ExportedPacks:
    """Packs of an export by the hash of the set that was loaded. Sets that are not as their hash says are absent."""

    def __init__(self, export: Export) -> None:
        self.faults: list[str] = []
        self.documents = self._read_documents(export)
        self._sets = self._read_sets(export)
        self._loaded: dict[str, Packs | None] = {}

    def loaded(self, set_hash: str) -> Packs | None:
        """The packs as a process had them; None where the export does not prove them."""
        if set_hash not in self._loaded:
            wanted = self._sets.get(set_hash)
            known = [self.documents.get(entry) for entry in (wanted or {}).values()]
            found = [pack for pack in known if pack is not None]
            packs = Packs(found) if wanted is not None and len(found) == len(known) else None
            self._loaded[set_hash] = packs if packs is not None and packs.hash == set_hash else None
        return self._loaded[set_hash]

    def _read_documents(self, export: Export) -> dict[str, RulePack]:
        documents = {}
        for name in sorted(path for path in export.listed if path.startswith("packs/")):
            try:
                content = export.read(name)
                if f"packs/{sha256(content).hexdigest()}.json" != name:
                    self.faults.append(f"{name}: its content has another hash")
                    continue
                pack = read_pack(orjson.loads(content))
            except Exception as error:
                self.faults.append(f"{name}: no pack that can be read: {type(error).__name__}")
                continue
            documents[pack.hash] = pack
        return documents

    def _read_sets(self, export: Export) -> Mapping[str, Mapping[str, str]]:
        try:
            sets: dict[str, dict[str, str]] = orjson.loads(export.read(SETS))
            wrong = [name for name, packs in sets.items() if digest(canonical(packs)) != name]
        except Exception as error:
            self.faults.append(f"{SETS}: cannot be read: {type(error).__name__}")
            return {}
        self.faults += [f"{SETS}: {name} has another hash" for name in wrong]
        return {name: packs for name, packs in sets.items() if name not in wrong}


def compare_with_own(packs: ExportedPacks, files: list[Path]) -> tuple[list[str], bool]:
    """A line for each of your own pack files: is it in the export, word for word? And whether all are."""
    lines, same = [], True
    by_label: dict[str, set[str]] = {}
    for entry in packs.documents.values():
        by_label.setdefault(entry.label, set()).add(entry.hash)
    for file in files:
        own = read_pack(yaml.safe_load(file.read_text("utf-8")))
        exported = by_label.get(own.label, set())
        if exported == {own.hash}:
            lines.append(f"{own.label}: the exported pack equals {file}")
        elif not exported:
            lines.append(f"{own.label}: not in the export; no decision was made with it")
        else:
            same = False
            lines.append(f"{own.label}: DIFFERS: exported {', '.join(sorted(exported))}, {file} has {own.hash}")
    return lines, same
