"""Segments and strategies: every question is answered, and the care track holds."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any, get_args

import orjson
import pytest

from services.assessment.adapters.model_files import MODELS, read_model
from services.assessment.adapters.strategy_table import StrategyTable, StrategyTableBroken
from services.assessment.domain.assessment import Model, assess
from services.assessment.domain.terms import ArrearsCause, CaseStatus, PlanState, RiskGrade, Stage
from services.assessment.domain.treatment import STRATEGIES, CareTrackLeft, Treatment, TreatmentQuestion
from shared.events import terms
from tests.unit.assessment.builders import TODAY, rent_arrears

MODEL = read_model().model
ORDINARY = TreatmentQuestion(
    ability=60,
    willingness=60,
    risk_grade="C",
    stage="mid",
    arrears_cause="unknown",
    is_vulnerable=False,
    plan_state="none",
)


def _document() -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads((MODELS / "treatment.json").read_bytes())
    return document


def test_every_question_is_answered_and_a_vulnerable_case_is_always_in_care() -> None:
    rules = set()
    for ability, willingness, grade, stage, cause, vulnerable, plan in product(
        (0, 39, 40, 49, 50, 100),
        (0, 39, 40, 49, 50, 100),
        get_args(RiskGrade),
        get_args(Stage),
        get_args(ArrearsCause),
        (True, False),
        get_args(PlanState),
    ):
        answer = MODEL.choose(TreatmentQuestion(ability, willingness, grade, stage, cause, vulnerable, plan))
        assert answer.strategy in STRATEGIES
        assert answer.strategy == "care" or not vulnerable
        rules.add(answer.rule)
    table = next(node for node in _document()["nodes"] if node["type"] == "decisionTableNode")
    assert rules == {rule["rule"].strip("'") for rule in table["content"]["rules"]}, "a row that never speaks"


@pytest.mark.parametrize(
    ("changes", "segment", "strategy"),
    [
        ({"plan_state": "broken"}, "broken_plan", "plan_rescue"),
        ({"plan_state": "running"}, "plan_in_hand", "gentle_reminder"),
        ({"arrears_cause": "dispute", "willingness": 0}, "disputed", "gentle_reminder"),
        ({"arrears_cause": "fraud_victim"}, "fraud_victim", "care"),
        ({"arrears_cause": "job_loss", "ability": 39}, "hardship", "gentle_reminder"),
        ({"arrears_cause": "job_loss", "ability": 40, "willingness": 50}, "unable_willing", "standard"),
        ({"arrears_cause": "refuses"}, "able_unwilling", "firm"),
        ({"arrears_cause": "oversight", "stage": "late"}, "able_willing", "standard"),
        ({"stage": "early", "risk_grade": "B"}, "self_cure", "gentle_reminder"),
        ({"stage": "early", "risk_grade": "C"}, "able_willing", "standard"),
        ({"willingness": 39}, "able_unwilling", "firm"),
        ({"willingness": 40}, "able_unwilling", "standard"),
        ({"ability": 20, "willingness": 20, "risk_grade": "E", "stage": "late"}, "unable_unwilling", "standard"),
    ],
)
def test_the_treatment_follows_the_case(changes: dict[str, Any], segment: str, strategy: str) -> None:
    answer = MODEL.choose(replace(ORDINARY, **changes))
    assert (answer.segment, answer.strategy) == (segment, strategy)


def test_a_table_without_a_closed_schema_is_refused() -> None:
    document = _document()
    next(node for node in document["nodes"] if node["type"] == "inputNode")["content"] = {}
    with pytest.raises(StrategyTableBroken):
        StrategyTable(document)


@pytest.mark.parametrize("changes", [{"stage": "latest"}, {"ability": None}, {"ability": 101}, {"is_vulnerable": 1}])
def test_a_question_outside_the_schema_is_refused_and_not_answered_by_the_last_row(changes: dict[str, Any]) -> None:
    with pytest.raises(StrategyTableBroken):
        MODEL.choose(replace(ORDINARY, **changes))


def test_a_row_with_an_unknown_strategy_is_refused() -> None:
    document = _document()
    table = next(node for node in document["nodes"] if node["type"] == "decisionTableNode")
    for rule in table["content"]["rules"]:
        rule["strategy"] = "'harass'"
    with pytest.raises(StrategyTableBroken):
        StrategyTable(document).choose(ORDINARY)


def test_a_table_that_takes_a_vulnerable_case_out_of_care_is_stopped() -> None:
    heartless = Model("heartless@1", "0" * 64, MODEL.scorecard, lambda _: Treatment("any", "firm", "rule_refuses"))
    with pytest.raises(CareTrackLeft):
        assess(rent_arrears(lender_cause="illness"), heartless, TODAY)


def test_our_words_are_the_words_of_the_contracts() -> None:
    assert get_args(ArrearsCause) == get_args(terms.ArrearsCause)
    assert get_args(Stage) == get_args(terms.Stage)
    assert get_args(RiskGrade) == get_args(terms.RiskGrade)
    assert get_args(CaseStatus)[0] == "open"
