"""Reads a file in the placement format (`--data`), line by line, without judging it: intake does that."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.sandbox.lending_club import Record

NDJSON = "application/x-ndjson"
CSV = "text/csv"


@dataclass(frozen=True, slots=True)
class Line:
    """One record as it stands in the file. `record` is None where the line does not even parse."""

    number: int
    text: str
    record: Record | None


@dataclass(frozen=True, slots=True)
class PlacementFile:
    """`header` is the first line of a CSV file, to be sent with every chunk."""

    content_type: str
    header: str
    lines: Sequence[Line]


def read_placement_file(path: Path) -> PlacementFile:
    """CSV by its name's ending, NDJSON else. Raises OSError, or UnicodeDecodeError for another encoding than UTF-8."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix.lower() == ".csv":
        header, lines = _read_csv(text)
        return PlacementFile(CSV, header, lines)
    return PlacementFile(NDJSON, "", list(_read_ndjson(text)))


def lines_of(records: Sequence[Record]) -> PlacementFile:
    """Records that are not in a file, as if they were."""
    texts = (json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records)
    lines = [Line(n, text, record) for n, (text, record) in enumerate(zip(texts, records, strict=True), start=1)]
    return PlacementFile(NDJSON, "", lines)


def _read_ndjson(text: str) -> Iterator[Line]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        yield Line(number, line, record if isinstance(record, dict) else None)


def _read_csv(text: str) -> tuple[str, list[Line]]:
    """Rows are written again one by one, so that a quoted line break stays inside its chunk."""
    reader = csv.reader(io.StringIO(text, newline=""))
    columns = next(reader, [])
    lines, number = [], reader.line_num + 1
    for cells in reader:
        if cells:
            record = nested(dict(zip(columns, cells, strict=False)))
            lines.append(Line(number, _csv_line(cells), record))
        number = reader.line_num + 1
    return _csv_line(columns), lines


def _csv_line(cells: Sequence[str]) -> str:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\n").writerow(cells)
    return target.getvalue().rstrip("\n")


def nested(flat: dict[str, str]) -> Record:
    """`contact_points.0.kind` and its like as objects in objects; lists come out in the order of their numbers."""
    tree: dict[str, Any] = {}
    for column, cell in flat.items():
        if cell == "":
            continue
        *path, name = column.split(".")
        place = tree
        for step in path:
            inner = place.setdefault(step, {})
            place = inner if isinstance(inner, dict) else {}
        place[name] = int(cell) if cell.lstrip("-").isdigit() and not cell.startswith("0") else cell
    listed = _with_lists(tree)
    return listed if isinstance(listed, dict) else {}


def _with_lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if node and all(key.isdigit() for key in node):
        return [_with_lists(node[key]) for key in sorted(node, key=int)]
    return {key: _with_lists(value) for key, value in node.items()}
