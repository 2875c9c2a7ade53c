"""American questions are closed: what is left out or misspelt is named, and no slip becomes a default."""

from __future__ import annotations

from typing import Any

import pytest

from services.outreach.adapters.vectors import FOLDER, Vector, read_vectors
from services.outreach.domain.law import questions
from services.outreach.domain.law.dates import MissingFact
from services.outreach.domain.law.us_calls import calls_of, presumption
from services.outreach.domain.law.us_furnishing import allocate

ASKED = [v for v in read_vectors(sorted(FOLDER.glob("us-*.yaml"))) if v.ask.startswith("us_")]
ONE_EACH = list({vector.ask: vector for vector in ASKED}.values())


@pytest.mark.parametrize("vector", ONE_EACH, ids=lambda vector: vector.ask)
def test_a_question_with_a_misspelt_fact_is_not_answered(vector: Vector) -> None:
    with pytest.raises(MissingFact, match="mispelt"):
        questions()[vector.ask]({**vector.given, "mispelt": True})


@pytest.mark.parametrize(
    ("ask", "given", "missing"),
    [
        ("us_furnish", {"sent": []}, "on"),
        ("us_retention", {"kind": "recording", "last_activity_on": "2026-03-10"}, "recorded_on"),
        ("us_retention", {"kind": "call_log", "recorded_on": "2026-03-10"}, "last_activity_on"),
        ("us_dispute", {"form": "letter", "received_on": "2026-03-10"}, "period_ends_on"),
        ("us_call_consent", {"given_on": "2026-03-10"}, "called_on"),
        ("us_text_consent", {}, "on"),
    ],
)
def test_a_question_that_leaves_out_what_decides_is_not_answered(ask: str, given: dict[str, Any], missing: str) -> None:
    with pytest.raises(MissingFact, match=missing):
        questions()[ask](given)


@pytest.mark.parametrize("text", ["2026-13-01", "yesterday", "01/02/2026"])
def test_what_is_no_day_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        questions()["us_validation_due"]({"initial_on": text})


def test_calls_that_come_out_of_order_presume_the_same() -> None:
    days = [f"2026-06-0{on}" for on in range(1, 8)]
    calls = [{"on": on, "debts": ["card"]} for on in [*days, "2026-06-07"]]
    assert presumption(calls_of(calls)) == presumption(calls_of(reversed(calls))) == "presumed_violation"


@pytest.mark.parametrize("payment", [0, 1, 4_000, 9_999, 10_000, 10_001])
def test_no_cent_of_a_payment_is_lost_or_made(payment: int) -> None:
    owed = {"card": 4_000, "medical": 6_000, "disputed": 50_000}
    shares = allocate(payment, owed, {"disputed"}, "medical")
    assert sum(shares.values()) == min(payment, 10_000)
    assert shares["disputed"] == 0
    assert all(0 <= shares[debt] <= owed[debt] for debt in owed)
