"""Points, scores, grades and stages, at every boundary of the scorecard in use."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from services.assessment.adapters.model_files import MODELS, ModelBroken, read_model, read_reasons, scorecard_from
from services.assessment.domain.assessment import assess
from services.assessment.domain.measures import MEASURES, measures_of
from services.assessment.domain.plan_news import PlanNews
from services.assessment.domain.scorecard import AXES, NumberBands, WordBands, leading_codes, score
from tests.unit.assessment.builders import TODAY, rent_arrears

MODEL = read_model().model
SCORECARD = MODEL.scorecard

RELEASED = {
    "points@1+treatment@1": "761f5fa4768e568f3dcbdccb0fe056109c1b4d120a3513adb0ef2918c4a1e3d5",
}
"""Name of every released model and what it hashes to. A changed model is a new version: add a line, change none."""


def test_a_changed_model_carries_a_new_version() -> None:
    assert RELEASED[MODEL.name] == MODEL.sha256


@pytest.mark.parametrize(
    ("measure", "bound"),
    [
        (c.measure, bound)
        for c in SCORECARD.characteristics
        if isinstance(c.bands, NumberBands)
        for bound in c.bands.bounds
    ],
)
def test_a_band_begins_exactly_at_its_bound(measure: str, bound: int) -> None:
    bands = next(c.bands for c in SCORECARD.characteristics if c.measure == measure)
    assert isinstance(bands, NumberBands)
    below, at = bands.grant(bound - 1), bands.grant(bound)
    assert below is bands.grants[bands.bounds.index(bound)]
    assert at is bands.grants[bands.bounds.index(bound) + 1]
    assert below != at


@pytest.mark.parametrize(("days", "stage"), [(0, "early"), (30, "early"), (31, "mid"), (90, "mid"), (91, "late")])
def test_the_stage_turns_after_thirty_and_ninety_days(days: int, stage: str) -> None:
    assert SCORECARD.stage(days) == stage


@pytest.mark.parametrize(
    ("combined", "grade"),
    [(100, "A"), (76, "A"), (75, "B"), (68, "B"), (67, "C"), (58, "C"), (57, "D"), (46, "D"), (45, "E"), (0, "E")],
)
def test_the_grade_turns_at_its_least_score(combined: int, grade: str) -> None:
    assert SCORECARD.grade(combined, combined) == grade


def test_ability_and_willingness_weigh_alike_in_the_grade() -> None:
    assert SCORECARD.grade(90, 40) == SCORECARD.grade(40, 90) == "C"


def test_the_points_of_an_axis_sum_to_its_score() -> None:
    result = assess(rent_arrears(), MODEL, TODAY)
    assert sum(p.points for p in result.points if p.axis == "ability") == result.ability
    assert sum(p.points for p in result.points if p.axis == "willingness") == result.willingness


def test_every_point_names_a_fact_and_its_value() -> None:
    facts = rent_arrears()
    measures = measures_of(facts, TODAY)
    for p in assess(facts, MODEL, TODAY).points:
        if p.measure != "start":
            assert p.value == str(measures[p.measure])
            assert p.points != 0


def test_a_score_stays_within_nought_and_a_hundred() -> None:
    worst = rent_arrears(
        lender_cause="refuses",
        instalments_paid=0,
        instalments_missed=40,
        contacts=20,
        plans_broken=3,
        plans=(PlanNews("0001", broken_at="2026-02-20"),),
        payments_reversed=2,
    )
    result = assess(worst, MODEL, TODAY)
    assert sum(p.points for p in result.points if p.axis == "willingness") < 0
    assert result.willingness == 0


def test_missing_facts_are_unknown_and_not_nought() -> None:
    facts = rent_arrears(
        annual_income_minor_units=None, debt_to_income_basis_points=None, employment_years=None, is_homeowner=None
    )
    points = {(p.measure, p.code): p for p in assess(facts, MODEL, TODAY).points}
    assert points["employment_years", "employment_unknown"].value == "unknown"
    assert points["instalment_to_income_basis_points", "income_unknown"].points < 0
    assert not any(code == "employment_short" for _, code in points)


def test_an_income_of_nought_gives_no_ratio() -> None:
    assert measures_of(rent_arrears(annual_income_minor_units=0), TODAY)["instalment_to_income_basis_points"] is None


def test_every_measure_is_named_and_every_characteristic_is_measured() -> None:
    assert set(measures_of(rent_arrears(), TODAY)) == set(MEASURES)
    assert {c.measure for c in SCORECARD.characteristics} == set(MEASURES)


def test_the_scorecard_looks_at_nothing_protected_and_at_no_right_that_was_used() -> None:
    """No age, sex, place or language; and no dispute, complaint or wish not to be contacted."""
    forbidden = ("age", "born", "sex", "gender", "region", "language", "stop", "cease", "complaint", "opt_out")
    assert not [m for m in MEASURES for word in forbidden if word in m.split("_") or m == word]


def test_every_reason_has_a_text_in_both_languages() -> None:
    reasons = read_reasons()
    codes = {"start"}
    for c in SCORECARD.characteristics:
        grants = c.bands.grants.values() if isinstance(c.bands, WordBands) else c.bands.grants
        codes |= {grant.code for grant in grants} | {c.missing.code}
    treatment = orjson.loads((MODELS / "treatment.json").read_bytes())
    table = next(node for node in treatment["nodes"] if node["type"] == "decisionTableNode")
    codes |= {rule["rule"].strip("'") for rule in table["content"]["rules"]}
    for code in codes:
        text = reasons.text(code)
        assert text["en"], code
        assert text["en"].isascii(), code
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text["zh"]), code
    assert set(orjson.loads((MODELS / "reasons.json").read_bytes())) == codes


def test_the_heaviest_reasons_lead_and_ties_have_one_order() -> None:
    points = SCORECARD.points(measures_of(rent_arrears(lender_cause="job_loss"), TODAY))
    codes = leading_codes(points, 3)
    assert codes[0] == "cause_job_loss"
    assert codes == leading_codes(list(reversed(points)), 3)
    assert len(codes) == 3


def _document() -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads((MODELS / "scorecard.json").read_bytes())
    return document


def test_bands_that_do_not_follow_one_another_are_refused() -> None:
    document = _document()
    document["characteristics"][0]["below"] = [3_000, 1_500, 4_300]
    with pytest.raises(ModelBroken):
        scorecard_from(document)


def test_a_word_without_a_grant_is_refused() -> None:
    document = _document()
    entry = next(c for c in document["characteristics"] if c["measure"] == "plan_state")
    del entry["words"]["broken"]
    with pytest.raises(ModelBroken):
        scorecard_from(document)


def test_half_points_are_refused() -> None:
    document = _document()
    document["characteristics"][0]["grants"][0]["points"] = 1.5
    with pytest.raises(ModelBroken):
        scorecard_from(document)


def test_a_measure_that_nobody_takes_is_refused() -> None:
    document = _document()
    document["characteristics"][0]["measure"] = "star_sign"
    with pytest.raises(ModelBroken):
        scorecard_from(document)


def test_both_axes_are_scored_from_their_own_points_alone() -> None:
    points = SCORECARD.points(measures_of(rent_arrears(), TODAY))
    ability_only = [p for p in points if p.axis == "ability"]
    assert score(points, "ability") == score(ability_only, "ability")
    assert {p.axis for p in points} == set(AXES)
