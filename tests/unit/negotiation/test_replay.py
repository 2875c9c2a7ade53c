"""Books from events alone: whatever is missing, changed or told twice is found, and order is found again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from services.negotiation.application.refund_money import reserve_refund, settle_refund
from services.negotiation.application.remittance_ports import BooksOnFile
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.replay import TYPES, Told, replay_case
from services.negotiation.entrypoints.replay_command import replay_file, report
from tests.unit.negotiation.counting_house import House, run


def a_full_life() -> tuple[House, UUID]:
    """A plan kept and undone, a correction, money too much and given back: every kind of change of the books."""
    at = House()
    case_id = at.take_on(Buckets(100, 200, 1_000))
    at.receive(case_id, 150, paid_to="creditor")
    at.agree(case_id, 150)
    kept = at.receive(case_id, 1_100)  # 1,000 complete the plan and earn the discount
    at.take_back(case_id, kept)
    at.correct(case_id, Buckets(0, 0, 700))
    last = at.receive(case_id, 900)
    refund_id = UUID(int=1)
    run(reserve_refund(at.work, refund_id=refund_id, case_id=case_id, payment_id=last, amount=150))
    run(settle_refund(at.work, refund_id, sent_on=at.now.date()))
    return at, case_id


def test_a_replay_gives_the_books_and_every_account() -> None:
    at, case_id = a_full_life()
    replayed = at.replayed(case_id)
    assert replayed.differences == []
    assert replayed.books == at.rows[case_id].books
    assert replayed.sums == at.sums(case_id)
    assert {told.type for told in at.events} >= set(TYPES)


def test_the_order_of_a_journal_and_what_it_holds_twice_do_not_matter() -> None:
    at, case_id = a_full_life()
    assert replay_case([*reversed(at.events), *at.events]).sums == at.sums(case_id)


def test_events_that_two_processes_made_in_one_millisecond_are_put_in_order_by_their_balances() -> None:
    at, _ = a_full_life()
    about = [told for told in at.events if told.type in TYPES][:6]
    # The identifiers of the last three, made by another process, say the opposite of what happened.
    ids = [told.event_id for told in about]
    crossed = about[:3] + [replace(told, event_id=i) for told, i in zip(about[3:], reversed(ids[3:]), strict=True)]
    one_millisecond = [replace(t, event_id=UUID(int=t.event_id.int & ((1 << 80) - 1))) for t in crossed]
    assert replay_case(one_millisecond).differences == []
    assert replay_case(one_millisecond).books == replay_case(about).books


@pytest.mark.parametrize("event_type", [t for t in TYPES if t != "case.updated"])
def test_an_event_that_is_missing_is_found(event_type: str) -> None:
    at, case_id = a_full_life()
    lost = next(told for told in at.events if told.type == event_type)
    replayed = replay_case([told for told in at.events if told is not lost])
    assert replayed.differences or replayed.sums != at.sums(case_id)


@pytest.mark.parametrize(
    ("event_type", "change"),
    [
        ("case.received", lambda body: {"balance": {**body["balance"], "principal": 1_001}}),
        ("payment.posted", lambda body: {"amount": body["amount"] + 1}),
        ("payment.posted", lambda body: {"paid_to": "agency"}),
        ("payment.reversed", lambda body: {"balance": {**body["balance"], "fees": 1}}),
        ("plan.completed", lambda body: {"waived": body["waived"] + 1}),
        ("books.adjusted", lambda body: {"overpaid": 1}),
    ],
)
def test_an_event_that_was_changed_is_found(event_type: str, change: Callable[[Any], dict[str, Any]]) -> None:
    at, case_id = a_full_life()
    changed = next(told for told in at.events if told.type == event_type)
    forged = replace(changed, body={**changed.body, **change(changed.body)})
    replayed = replay_case([forged if told is changed else told for told in at.events])
    assert replayed.differences or replayed.sums != at.sums(case_id)


def test_a_case_that_nothing_was_told_of_is_not_open() -> None:
    assert not replay_case([]).is_open


def test_events_of_other_things_are_passed_over() -> None:
    at, case_id = a_full_life()
    other = Told("case.assessed", UUID(int=5), case_id, 1, {})
    assert replay_case([*at.events, other]).differences == []


def test_the_command_reads_an_export_line_by_line_and_says_what_differs(tmp_path: Path) -> None:
    at, case_id = a_full_life()
    lines = [
        {"type": t.type, "event_id": str(t.event_id), "key": str(t.case_id), "sequence": t.sequence, "body": t.body}
        for t in at.events
    ]
    exported = tmp_path / "journal.ndjson"
    exported.write_bytes(b"\n".join(orjson.dumps(line) for line in lines) + b"\n\n")
    on_file = BooksOnFile(case_id, at.rows[case_id].books, at.sums(case_id))
    assert report(run(replay_file(Shelf([on_file]).begin, str(exported)))).startswith("equal: 1 cases, ")
    wrong = replace(on_file, sums={**on_file.sums, "trust": 1})
    said = report(run(replay_file(Shelf([wrong]).begin, str(exported))))
    assert said.startswith("DIFFERENT: 1 cases")
    assert "account trust: on file 1, from the journal 750" in said
    assert "not on file" in report(run(replay_file(Shelf([]).begin, str(exported))))


class Shelf:
    """Books on file, and nothing else."""

    def __init__(self, books: list[BooksOnFile]) -> None:
        self._books = books
        self.agency: Any = self

    async def books_on_file(self, after: UUID, limit: int) -> list[BooksOnFile]:
        return self._books

    @asynccontextmanager
    async def begin(self, case_id: UUID | None = None, **_: object) -> AsyncIterator[Any]:
        yield self
