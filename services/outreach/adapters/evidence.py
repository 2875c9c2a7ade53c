"""Reads what counts as evidence from YAML: closed; out of form stops the start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from services.outreach.domain.escalation.rules import EvidenceRule, ProofRules, StepRule

FILE = Path(__file__).parent / "evidence.yaml"


def load_proof_rules(file: Path = FILE) -> ProofRules:
    """Raises ValueError or TypeError where the file is out of form."""
    document = yaml.safe_load(file.read_text("utf-8"))
    return ProofRules(
        version=document["version"],
        evidence={
            rung: tuple(EvidenceRule(**_with_set(entry, "outcomes")) for entry in entries)
            for rung, entries in document["evidence"].items()
        },
        steps={rung: StepRule(**_with_set(entry, "begins_anew_after")) for rung, entry in document["steps"].items()},
    )


def _with_set(entry: dict[str, Any], name: str) -> dict[str, Any]:
    return {**entry, name: frozenset(entry.get(name, ()))}
