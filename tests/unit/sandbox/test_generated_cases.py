"""Generated cases are marked, consistent in themselves, and the same for the same seed."""

from __future__ import annotations

from datetime import date

from deploy.sandbox.generated_cases import SECOND_LOAN_AFTER, SECOND_LOAN_EVERY, generated_records, level_instalment
from deploy.sandbox.mistakes import MISTAKES, with_mistakes

AS_OF = date(2026, 1, 5)
RECORDS = generated_records(1, 200, AS_OF)


def test_every_case_says_that_it_is_generated() -> None:
    assert {record["provenance"] for record in RECORDS} == {"generated"}


def test_more_cases_only_add_at_the_end() -> None:
    assert generated_records(1, 20, AS_OF) == RECORDS[:20]


def test_no_loan_costs_more_than_24_per_cent() -> None:
    assert max(record["annual_rate_basis_points"] for record in RECORDS) <= 2_400


def test_what_is_overdue_is_owed() -> None:
    for record in RECORDS:
        assert 0 < record["arrears_minor_units"] <= sum(record["balance"].values()) * 1.005
        assert 1 <= record["days_past_due"] <= 300


def test_a_level_instalment_pays_the_loan_back_and_hardly_more() -> None:
    left = 1_200_000
    instalment = level_instalment(left, 1_800, 12)
    for _ in range(12):
        left = left + left * 1_800 // 120_000 - instalment
    assert -20 <= left <= 0


def test_some_people_have_two_loans() -> None:
    number = 2 * SECOND_LOAN_EVERY
    second, first = RECORDS[number - 1], RECORDS[number - SECOND_LOAN_AFTER - 1]
    assert first["borrower"]["identity_number"] == second["borrower"]["identity_number"]
    assert first["borrower"]["born_on"] == second["borrower"]["born_on"]
    assert first["account_number"] != second["account_number"]


def test_a_list_holds_every_kind_of_mistake_and_one_record_twice() -> None:
    spoiled = with_mistakes(1, "Harbour Credit", RECORDS)
    changed = [record for record, before in zip(spoiled, RECORDS, strict=False) if record != before]
    assert len(changed) >= len(MISTAKES)
    assert spoiled[0] == RECORDS[0] == spoiled[-1]


def test_mistakes_are_made_in_copies() -> None:
    before = generated_records(1, 200, AS_OF)
    with_mistakes(1, "Harbour Credit", RECORDS)
    assert before == RECORDS


def test_a_short_list_is_left_alone() -> None:
    assert with_mistakes(1, "Harbour Credit", RECORDS[:3]) == RECORDS[:3]
    assert with_mistakes(1, "Harbour Credit", []) == []
