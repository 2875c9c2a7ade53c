"""A file is read line by line, and every line keeps its number."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.sandbox.placement_file import CSV, NDJSON, lines_of, nested, read_placement_file


def test_a_line_that_does_not_parse_keeps_its_place(tmp_path: Path) -> None:
    path = tmp_path / "list.ndjson"
    path.write_text('{"account_number": "A-1"}\n\n{"account_number": \n[1]\n', encoding="utf-8")
    file = read_placement_file(path)
    assert file.content_type == NDJSON
    assert [(line.number, line.record) for line in file.lines] == [(1, {"account_number": "A-1"}), (3, None), (4, None)]


def test_csv_rows_are_records_and_know_their_line(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "account_number,borrower.name,contact_points.0.kind,contact_points.0.value,balance.principal_minor_units\n"
        '007,"Reese\nRosethorn",mobile,+12125550100,120000\n'
        "A-2,Quinn Ashdown,,,-5\n",
        encoding="utf-8",
    )
    file = read_placement_file(path)
    first, second = file.lines
    assert file.content_type == CSV
    assert file.header.startswith("account_number,")
    assert (first.number, second.number) == (2, 4)
    assert first.record == {
        "account_number": "007",
        "borrower": {"name": "Reese\nRosethorn"},
        "contact_points": [{"kind": "mobile", "value": "+12125550100"}],
        "balance": {"principal_minor_units": 120_000},
    }
    assert first.text.count("\n") == 1


def test_an_empty_file_places_nothing(tmp_path: Path) -> None:
    for name in ("list.csv", "list.ndjson"):
        (tmp_path / name).write_text("", encoding="utf-8")
        assert list(read_placement_file(tmp_path / name).lines) == []


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.ndjson"
    path.write_bytes('{"name": "王"}'.encode("gb18030"))
    with pytest.raises(UnicodeDecodeError):
        read_placement_file(path)


def test_lists_come_out_in_the_order_of_their_numbers() -> None:
    flat = {f"payments.{n}.amount_minor_units": str(n) for n in (10, 2, 0, 1)}
    assert [each["amount_minor_units"] for each in nested(flat)["payments"]] == ["0", 1, 2, 10]


def test_built_in_records_become_numbered_lines() -> None:
    file = lines_of([{"borrower": {"name": "王样例"}}])
    assert file.lines[0].text == '{"borrower":{"name":"王样例"}}'
