"""The strategy table, run by zen-engine from a decision document (GoRules JDM) that a business user can edit.

Two traps of the engine, each avoided here: a decision object is parsed at every call (ten times slower), so the content
is compiled once and handed over by a loader; and a missing or misspelt input falls silently to the last row, so the
document's input node carries a JSON Schema and this adapter refuses a document without one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import zen

from services.assessment.domain.treatment import STRATEGIES, Treatment, TreatmentQuestion

KEY = "treatment"


class StrategyTableBroken(ValueError):
    """The decision document cannot be used, or gave no known answer. Names the place, never the input."""


class StrategyTable:
    """Answers a treatment question by the first row that fits."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        _require_schema(document)
        try:
            content = zen.ZenDecisionContent(orjson.dumps(document).decode())
        except (RuntimeError, ValueError) as error:
            raise StrategyTableBroken("the decision document cannot be read") from error
        self._engine = zen.ZenEngine({"loader": {KEY: content}.__getitem__})

    def choose(self, question: TreatmentQuestion) -> Treatment:
        """Raises StrategyTableBroken where no row fits or a row gives an unknown strategy."""
        context = {
            "is_vulnerable": question.is_vulnerable,
            "cause": question.arrears_cause,
            "plan": question.plan_state,
            "stage": question.stage,
            "grade": question.risk_grade,
            "ability": question.ability,
            "willingness": question.willingness,
        }
        try:
            result = self._engine.evaluate(KEY, context)["result"]
        except RuntimeError as error:
            raise StrategyTableBroken("the strategy table refused its input") from error
        if not isinstance(result, dict) or result.get("strategy") not in STRATEGIES:
            raise StrategyTableBroken("no row of the strategy table gives a known strategy")
        return Treatment(segment=result["segment"], strategy=result["strategy"], rule=result["rule"])


def _require_schema(document: Mapping[str, Any]) -> None:
    inputs = [node for node in document["nodes"] if node["type"] == "inputNode"]
    schemas = [orjson.loads(node["content"]["schema"]) for node in inputs if node.get("content", {}).get("schema")]
    if len(schemas) != 1 or schemas[0].get("additionalProperties") is not False or not schemas[0].get("required"):
        raise StrategyTableBroken("the input node has no closed schema")
