"""Bank statements from outside: read in both formats alike, refused with every reason, never anything but refused."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.negotiation.adapters.bank_statements.reading import BYTES_MAX, BankFiles
from services.negotiation.domain.receipts.references import (
    creditor_reference,
    find_creditor_references,
    find_ids,
    grouped,
    is_creditor_reference,
)
from services.negotiation.domain.receipts.statement import Statement, entry_ids
from shared.kernel.refusal import Invalid
from tests.unit.negotiation.bank_files import MONDAY, File, Line, camt, mt940

CASE = UUID("01900000-0000-7000-8000-000000000001")
RENT = Line(5_000, "BANK-1", f"rent arrears {grouped(creditor_reference(CASE))}")
WRITERS: list[Callable[..., bytes]] = [mt940, camt, lambda *files: camt(*files, version="02")]


def read(raw: bytes, today: date = MONDAY) -> list[Statement]:
    return BankFiles().read(raw, today)


def codes(raw: bytes) -> set[str]:
    with pytest.raises(Invalid) as refused:
        read(raw)
    return {reason.code for reason in refused.value.reasons}


@pytest.mark.parametrize("write", WRITERS)
def test_both_formats_and_versions_say_the_same(write: Callable[..., bytes]) -> None:
    back = Line(1_200, "BANK-2", "returned", "DBIT", is_reversal=True)
    first, second = read(write(File((RENT, back)), File((Line(3, "BANK-3"),), number="2", opening=-5)))
    assert [(e.signed, e.is_reversal, e.bank_reference) for e in first.entries] == [
        (5_000, False, "BANK-1"),
        (-1_200, True, "BANK-2"),
    ]
    assert (first.opening, first.closing, second.opening, second.closing) == (100_000, 103_800, -5, -2)
    assert find_creditor_references(first.entries[0].text) == (creditor_reference(CASE),)
    assert first.entries[0].counterparty_name == "Ada Invented"
    assert first.entries[0].counterparty_account == "DE75512108001245126199"


@pytest.mark.parametrize("write", WRITERS)
def test_a_statement_that_does_not_add_up_is_refused(write: Callable[..., bytes]) -> None:
    assert codes(write(File((RENT,), closing_error=1))) == {"does_not_add_up"}


def test_every_reason_is_told_at_once() -> None:
    late = replace(RENT, on=date(2027, 1, 1))
    wrong = File((late, Line(0)), currency="XXX", closing_error=7)
    found = codes(camt(wrong, File((RENT,), on=date(2026, 5, 1))))
    assert found == {"does_not_add_up", "currency_unknown", "value_date_ahead", "amount_out_of_range", "date_ahead"}


def test_the_transactions_of_a_batch_are_entries_of_their_own() -> None:
    batch = Line(300, "BATCH", parts=((100, "a"), (200, "b")))
    [statement] = read(camt(File((batch,))))
    assert [(e.amount, e.text, e.bank_reference) for e in statement.entries] == [
        (100, "a", "BATCH/0"),
        (200, "b", "BATCH/1"),
    ]
    assert codes(camt(File((replace(batch, parts=((100, "a"), (201, "b"))),)))) >= {"batch_does_not_add_up"}


def test_what_is_not_booked_yet_is_no_money() -> None:
    [statement] = read(camt(File((RENT, Line(99, status="PDNG")))))
    assert [e.amount for e in statement.entries] == [5_000]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]><Document>&c;</Document>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Document>&b;</Document>"""


@pytest.mark.parametrize("raw", [BOMB, OUTSIDE, b"<a>" * 100_000, b"<Document>", b'<?xml version="1.0" encoding="x"?>'])
def test_entities_depth_and_broken_xml_are_refused(raw: bytes) -> None:
    assert codes(raw) <= {"xml_malformed", "xml_too_deep"}


@pytest.mark.parametrize("raw", [b"", b"/etc/passwd", b"pyproject.toml", b"<Document/>", b"hello\x00"])
def test_other_files_are_refused_and_no_path_is_opened(raw: bytes) -> None:
    assert codes(raw) == {"format_unknown"}


def test_a_file_above_the_limit_is_not_read() -> None:
    assert codes(b"<" + b" " * BYTES_MAX) == {"file_too_large"}


def test_what_cannot_be_read_stays_out_of_logs(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert codes(b":20:X\n:61:Ada Invented wrote this\n") == {"statement_malformed"}
    assert "Ada" not in caplog.text


def test_amounts_with_more_decimals_than_the_currency_has_are_refused() -> None:
    raw = camt(File((RENT,))).replace(b">50.00<", b">50.001<")
    assert "amount_malformed" in codes(raw)


@settings(max_examples=300, deadline=2_000)
@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for prefix in (b"", b"<", b":20:A\n:61:"):
        with contextlib.suppress(Invalid):
            read(prefix + raw)


@settings(max_examples=300, deadline=2_000)
@given(st.data())
def test_any_change_of_a_statement_is_read_or_refused(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from([write(File((RENT, Line(1_200, "B-2", "text", "DBIT")))) for write in WRITERS]))
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 30)))
    noise = data.draw(st.binary(max_size=12) | st.text(max_size=6).map(lambda t: t.encode("utf-8", "surrogatepass")))
    with contextlib.suppress(Invalid):
        read(raw[:start] + noise + raw[end:])


def test_an_entry_is_the_same_in_whatever_statement_it_comes() -> None:
    twice = Line(700, "", "same text")
    [first] = read(camt(File((RENT, twice, twice))))
    [second] = read(camt(File((twice, twice, Line(5, "NEW"), RENT), number="2"), version="02"))
    mine = entry_ids(first.account, first.currency, first.entries)
    others = entry_ids(second.account, second.currency, second.entries)
    assert len(set(mine)) == 3
    assert set(mine) < set(others)


@given(st.uuids())
def test_a_reference_survives_what_banks_make_of_it(case_id: UUID) -> None:
    reference = creditor_reference(case_id)
    assert is_creditor_reference(reference)
    torn = f"Invented payer\n{grouped(reference).lower()[:13]}\n{grouped(reference).lower()[13:]}."
    assert find_creditor_references(torn) == (reference,)


@given(st.uuids(), st.integers(2, 18), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_of_its_kind_is_not_another_reference(case_id: UUID, place: int, other: str) -> None:
    reference = creditor_reference(case_id)
    assume(other.isdigit() == reference[place].isdigit())
    changed = reference[:place] + other + reference[place + 1 :]
    assert is_creditor_reference(changed) == (changed == reference)


def test_identifiers_are_found_with_and_without_hyphens_and_across_lines() -> None:
    text = f"case {CASE}, again {CASE.hex[:20]}\n{CASE.hex[20:]}"
    assert find_ids(text) == (CASE,)
    assert find_ids(f"0{CASE.hex}") == ()
