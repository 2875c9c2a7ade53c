"""Messages find their borrower, once each, and in an order that no race decides."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from deploy.sandbox.post_office import PostOffice, case_of_token
from shared.service.links import make_token
from tests.unit.sandbox.builders import a_borrower

CASE_ONE = UUID("01890000-0000-7000-8000-000000000001")
CASE_TWO = UUID("01890000-0000-7000-8000-000000000002")
MOBILE = "+12125550100"


def link(case_id: UUID) -> str:
    token = make_token(b"a secret", case_id, datetime(2026, 2, 5, tzinfo=UTC))
    return f"See http://127.0.0.1:8104/b/{token}."


def test_the_same_attempt_arrives_once_with_one_outcome() -> None:
    office = PostOffice(1)
    office.know([a_borrower()])
    outcomes = {office.deliver("attempt-1", "sms", MOBILE, "hello") for _ in range(3)}
    assert len(outcomes) == 1
    assert len(office.collect()) == 1
    assert office.collect() == []


def test_an_unknown_number_fails_and_is_counted() -> None:
    office = PostOffice(1)
    assert office.deliver("attempt-1", "sms", "+12125550199", "hello") == "failed"
    assert office.strangers == {"sms": 1}
    assert office.collect() == []


def test_of_two_loans_on_one_number_the_link_says_which() -> None:
    office = PostOffice(1)
    first, second = a_borrower("HC-1", case_id=str(CASE_ONE)), a_borrower("HC-2", case_id=str(CASE_TWO))
    office.know([first, second])
    office.deliver("attempt-1", "sms", MOBILE, link(CASE_TWO))
    assert [arrival.account_number for arrival in office.collect()] == ["HC-2"]
    assert second.token is not None
    assert first.token is None


def test_the_order_of_arrival_changes_nothing() -> None:
    def collected(order: list[int]) -> list[tuple[str, str, int, str]]:
        office = PostOffice(1)
        office.know([a_borrower(f"HC-{n}", mobile=f"+1212555010{n}") for n in range(5)])
        for n in order:
            office.deliver(f"attempt-{n}", "call", f"+1212555010{n}", "")
        return [(each.account_number, each.channel, each.nth, each.outcome) for each in office.collect()]

    assert collected([0, 1, 2, 3, 4]) == collected([3, 0, 4, 2, 1])


def test_what_never_came_has_no_outcome() -> None:
    assert PostOffice(1).outcome("attempt-1") is None


def test_a_token_names_its_case_and_a_torn_one_none() -> None:
    token = make_token(b"a secret", CASE_ONE, datetime(2026, 2, 5, tzinfo=UTC))
    assert case_of_token(token) == str(CASE_ONE)
    assert case_of_token("A" * 20) is None
    assert case_of_token("A") is None


async def test_a_message_waits_while_the_doors_are_shut() -> None:
    office = PostOffice(1)
    with office.shut():
        waiting = office.opened()
        assert not office._open.is_set()
    await waiting
