"""The model in use: scorecard, strategy table and reason texts from the files beside this module, checked and hashed.

A file that does not hold together ends the process at its start; no case is scored by half a model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import orjson

from services.assessment.adapters.strategy_table import StrategyTable
from services.assessment.application.ports import ModelInUse
from services.assessment.domain.assessment import Model
from services.assessment.domain.measures import MEASURES
from services.assessment.domain.scorecard import (
    AXES,
    AffordabilityRule,
    Characteristic,
    Grant,
    NumberBands,
    Scorecard,
    WordBands,
)
from services.assessment.domain.terms import ArrearsCause, PlanState, Reach, RiskGrade

MODELS = Path(__file__).parent / "models"
WORDS: dict[str, tuple[str, ...]] = {
    "arrears_cause": get_args(ArrearsCause),
    "plan_state": get_args(PlanState),
    "reach": get_args(Reach),
    "home": ("owned", "not_owned"),
}


class ModelBroken(ValueError):
    """A model file contradicts itself or the code it is read by."""


class ReasonTexts:
    """Texts by reason code, in English and Chinese."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts

    def text(self, code: str) -> Mapping[str, str]:
        return self._texts[code]


def read_model(folder: Path = MODELS) -> ModelInUse:
    """Read the model. Raises ModelBroken or KeyError."""
    scorecard_document = orjson.loads((folder / "scorecard.json").read_bytes())
    treatment_document = orjson.loads((folder / "treatment.json").read_bytes())
    table = StrategyTable(treatment_document)
    digest = hashlib.sha256(_canonical(scorecard_document) + b"\n" + _canonical(treatment_document)).hexdigest()
    name = f"points@{scorecard_document['version']}+treatment@{treatment_document['meta']['version']}"
    scorecard = scorecard_from(scorecard_document)
    return ModelInUse(Model(name, digest, scorecard, table.choose), scorecard_document, treatment_document)


def read_reasons(folder: Path = MODELS) -> ReasonTexts:
    return ReasonTexts(orjson.loads((folder / "reasons.json").read_bytes()))


def scorecard_from(document: Mapping[str, Any]) -> Scorecard:
    """The scorecard of a document. Raises ModelBroken or KeyError where it does not hold together."""
    affordability = document["affordability"]
    grades = tuple((grade, document["grade"]["at_least"][grade]) for grade in get_args(RiskGrade)[:-1])
    if [least for _, least in grades] != sorted((least for _, least in grades), reverse=True):
        raise ModelBroken("grades do not fall")
    return Scorecard(
        version=document["version"],
        sha256=hashlib.sha256(_canonical(document)).hexdigest(),
        start={axis: document["start"][axis] for axis in AXES},
        characteristics=tuple(_characteristic(entry) for entry in document["characteristics"]),
        ability_weight=document["grade"]["ability_weight"],
        grades=grades,
        early_days_max=document["stage"]["early_days_max"],
        mid_days_max=document["stage"]["mid_days_max"],
        affordability=AffordabilityRule(
            living_share=affordability["living_share_basis_points"],
            assumed_debt_to_income=affordability["assumed_debt_to_income_basis_points"],
            safety_share=affordability["safety_share_basis_points"],
            income_share_max=affordability["income_share_max_basis_points"],
            round_to_minor_units=affordability["round_to_minor_units"],
            kept_by_cause=affordability["kept_by_cause_basis_points"],
        ),
        reasons_max=document["reasons_max"],
    )


def _characteristic(entry: Mapping[str, Any]) -> Characteristic:
    measure = entry["measure"]
    if measure not in MEASURES or entry["axis"] not in AXES:
        raise ModelBroken(f"{measure} on {entry['axis']} is not measured")
    bands = _word_bands(measure, entry["words"]) if measure in WORDS else _number_bands(measure, entry)
    return Characteristic(entry["axis"], measure, bands, _grant(entry["missing"]))


def _word_bands(measure: str, words: Mapping[str, Any]) -> WordBands:
    if set(words) != set(WORDS[measure]):
        raise ModelBroken(f"the words of {measure} are not {WORDS[measure]}")
    return WordBands({word: _grant(grant) for word, grant in words.items()})


def _number_bands(measure: str, entry: Mapping[str, Any]) -> NumberBands:
    bounds, grants = tuple(entry["below"]), tuple(_grant(grant) for grant in entry["grants"])
    if list(bounds) != sorted(set(bounds)) or len(grants) != len(bounds) + 1:
        raise ModelBroken(f"the bands of {measure} do not follow one another")
    return NumberBands(bounds, grants)


def _grant(entry: Mapping[str, Any]) -> Grant:
    if type(entry["points"]) is not int:
        raise ModelBroken("points are whole numbers")
    return Grant(entry["points"], entry["reason"])


def _canonical(document: Any) -> bytes:
    """Sorted keys and no white space: laying out a file anew is no new version."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
