"""Bodies to records: each bad one alone, with its line; a body that is none, whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from services.intake.domain.refusals import TooManyRecords
from services.intake.entrypoints.bodies import CSV, JSON, NDJSON, RawRecord, member_of, raw_records, read_record
from services.intake.entrypoints.schemas import PlacementBody
from tests.unit.intake.builders import rent_arrears


def _records(body: bytes, content_type: str) -> list[RawRecord]:
    return list(raw_records(body, content_type, plural="records"))


def _reasons(**changes: Any) -> dict[str, str]:
    found = read_record(PlacementBody, RawRecord(1, 1, json.dumps(rent_arrears(**changes)).encode()))
    return {reason.pointer: reason.code for reason in found} if isinstance(found, tuple) else {}


def test_one_object_and_a_list_of_objects_are_read_alike() -> None:
    one = _records(json.dumps(rent_arrears()).encode(), JSON)
    many = _records(json.dumps({"records": [rent_arrears(), rent_arrears()]}).encode(), JSON)
    assert [record.number for record in (*one, *many)] == [1, 1, 2]
    assert read_record(PlacementBody, one[0]) == read_record(PlacementBody, many[1])


def test_a_line_that_is_no_json_is_refused_with_its_number_and_stops_nobody() -> None:
    text = json.dumps(rent_arrears()).encode()
    records = _records(b"\n" + text + b"\r\n{not json\n\n" + text + b"\n", NDJSON)
    assert [(record.number, record.line) for record in records] == [(1, 2), (2, 3), (3, 5)]
    results = [read_record(PlacementBody, record) for record in records]
    assert isinstance(results[0], PlacementBody)
    assert isinstance(results[2], PlacementBody)
    assert isinstance(results[1], tuple)
    assert [reason.code for reason in results[1]] == ["json_invalid"]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"original_principal_minor_units": 12_000.5}, "/original_principal_minor_units", "int_type"),
        ({"original_principal_minor_units": 12_000.0}, "/original_principal_minor_units", "int_type"),
        ({"original_principal_minor_units": "1200000"}, "/original_principal_minor_units", "int_type"),
        ({"original_principal_minor_units": True}, "/original_principal_minor_units", "int_type"),
        ({"original_principal_minor_units": 0}, "/original_principal_minor_units", "greater_than_equal"),
        ({"arrears_minor_units": -1}, "/arrears_minor_units", "greater_than_equal"),
        ({"arrears_minor_units": 10**15 + 1}, "/arrears_minor_units", "less_than_equal"),
        ({"arrears_minor_units": 10**30}, "/arrears_minor_units", "less_than_equal"),
        ({"currency": "EUR"}, "/currency", "literal_error"),
        ({"as_of": "2026-02-30"}, "/as_of", "date_parsing"),
        ({"as_of": "1969-12-31"}, "/as_of", "greater_than_equal"),
        ({"as_of": "2100-01-02"}, "/as_of", "less_than_equal"),
        ({"as_of": 20260301}, "/as_of", "date_type"),
        ({"account_number": "x" * 65}, "/account_number", "string_pattern_mismatch"),
        ({"account_number": "a\x00b"}, "/account_number", "string_pattern_mismatch"),
        ({"creditor_id": "somebody else"}, "/creditor_id", "extra_forbidden"),
        ({"status": "closed"}, "/status", "extra_forbidden"),
        ({"contact_points": []}, "/contact_points", "too_short"),
        ({"contact_points": [{"kind": "fax", "value": "1"}]}, "/contact_points/0/kind", "literal_error"),
        ({"term_months": 601}, "/term_months", "less_than_equal"),
        ({"borrower": {"name": ""}}, "/borrower/name", "string_too_short"),
        ({"borrower": {"name": "tab\there"}}, "/borrower/name", "string_pattern_mismatch"),
    ],
)
def test_a_wrong_field_is_named_with_its_rule(changes: dict[str, Any], pointer: str, code: str) -> None:
    assert _reasons(**changes) == {pointer: code}


def test_every_wrong_field_is_named_at_once() -> None:
    assert set(_reasons(currency="EUR", term_months=0, extra=1)) == {"/currency", "/term_months", "/extra"}


def test_a_record_that_could_not_be_read_still_says_which_it_was() -> None:
    raw = RawRecord(1, None, json.dumps(rent_arrears(currency="EUR")).encode())
    assert member_of(raw, "account_number") == "HC-1001"
    assert member_of(RawRecord(1, None, b"{"), "account_number") is None
    assert member_of(RawRecord(1, None, b'{"account_number": 5}'), "account_number") is None


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", JSON),
        (b"{", JSON),
        (b"\xff\xfe", JSON),
        (b"[]", JSON),
        (b'"text"', JSON),
        (b'{"records": {}}', JSON),
        (b'{"records": []}', JSON),
        (b'{"records": [{}], "more": 1}', JSON),
        (b"\n \n", NDJSON),
        (b"", CSV),
        (b"\xff\xfe", CSV),
        (b"a,a\n1,2\n", CSV),
        (b"a..b\n1\n", CSV),
        (b"a.b.c.d\n1\n", CSV),
        (b'"open\n', CSV),
    ],
)
def test_a_body_without_records_is_refused_whole(body: bytes, content_type: str) -> None:
    with pytest.raises(RequestValidationError):
        _records(body, content_type)


def test_another_content_type_is_refused() -> None:
    for content_type in ("", "application/xml", "multipart/form-data"):
        with pytest.raises(HTTPException, match="415"):
            _records(b"{}", content_type)


def test_ten_thousand_records_are_the_most() -> None:
    assert len(_records(b"{}\n" * 10_000, NDJSON)) == 10_000
    with pytest.raises(TooManyRecords):
        _records(b"{}\n" * 10_001, NDJSON)


def _flat(value: Any, path: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        return {
            k: v for name, inner in value.items() for k, v in _flat(inner, f"{path}.{name}" if path else name).items()
        }
    if isinstance(value, list):
        return _flat({str(n): inner for n, inner in enumerate(value)}, path)
    return {path: str(value).lower() if isinstance(value, bool) else str(value)}


def test_a_record_in_flat_columns_is_the_same_record() -> None:
    record = rent_arrears(account_number="000123", scrubs={"is_in_court": False})
    cells = _flat(record)
    text = ",".join(cells) + "\n" + ",".join(f'"{cell}"' for cell in cells.values()) + "\n"
    (raw,) = _records(b"\xef\xbb\xbf" + text.encode(), CSV)
    expected = read_record(PlacementBody, RawRecord(1, None, json.dumps(record).encode()))
    assert raw.line == 2
    assert read_record(PlacementBody, raw) == expected
    assert isinstance(expected, PlacementBody)
    assert expected.account_number == "000123"


def test_rows_of_a_table_fail_alone_and_with_their_lines() -> None:
    body = b'account_number,term_months\nHC-1,12\nHC-2\n"HC\n-3",x\n\nHC-4,12,1\n'
    records = _records(body, CSV)
    assert [record.line for record in records] == [2, 3, 4, 7]
    assert [record.fault.code if record.fault else None for record in records] == [
        None,
        "csv_columns_differ",
        None,
        "csv_columns_differ",
    ]
    assert json.loads(records[2].text)["term_months"] == "x"


def test_a_column_cannot_be_a_value_and_a_parent() -> None:
    for header in (b"borrower,borrower.name", b"borrower.name,borrower"):
        (record,) = _records(header + b"\na,b\n", CSV)
        assert record.fault is not None
        assert record.fault.code == "csv_columns_clash"


@given(st.binary(max_size=200), st.sampled_from([JSON, NDJSON, CSV]))
def test_no_bytes_make_the_reader_fail_otherwise(body: bytes, content_type: str) -> None:
    try:
        records = _records(body, content_type)
    except (RequestValidationError, TooManyRecords):
        return
    for record in records:
        assert isinstance(read_record(PlacementBody, record), tuple)
