"""Reads the harm budgets from YAML: closed; out of form stops the start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from services.outreach.application.harm_records import Budgets
from services.outreach.domain.harm_budget import HARMS, Budget, Limit

FILE = Path(__file__).parent / "budgets.yaml"


def load_budgets(file: Path = FILE) -> Budgets:
    """Raises ValueError or TypeError where the file is out of form."""
    document = yaml.safe_load(file.read_text("utf-8"))
    budgets = {name: _read(name, entry) for name, entry in document["budgets"].items()}
    if document["fallback"] not in budgets:
        raise ValueError("the fallback strategy has no budget")
    return Budgets(budgets, document["fallback"])


def _read(name: str, entry: dict[str, Any]) -> Budget:
    limits = {kind: Limit(**limit) for kind, limit in entry["limits"].items()}
    budget = Budget(**{**entry, "strategy": name, "limits": limits})
    numbers = (budget.window_days, budget.minimum_contacts, budget.stop_days, budget.slow_days)
    in_form = (
        set(limits) == set(HARMS)
        and all(0 < limit.slow <= limit.stop <= 1_000 for limit in limits.values())
        and all(number > 0 for number in numbers)
        and 0 < budget.recover_percent <= 100
        and budget.because
    )
    if not in_form:
        raise ValueError(f"budget {name!r} is out of form")
    return budget
