"""CSV that a spreadsheet shows and never runs (OWASP CSV injection; ASVS 1.2.10)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def csv_cell(value: object) -> str:
    """Numbers as they are; text that a spreadsheet could take for a formula gets an apostrophe before it."""
    if value is None:
        return ""
    text = str(value)
    if not isinstance(value, int) and text.lstrip(" ").startswith(_FORMULA_STARTS):
        return "'" + text
    return text


def csv_line(values: Iterable[object]) -> str:
    """One line, ended by CRLF (RFC 4180)."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([csv_cell(value) for value in values])
    return written.getvalue()
