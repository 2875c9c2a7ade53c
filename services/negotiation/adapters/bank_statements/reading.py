"""One way in for every format: bytes to statements that add up, or every reason why not.

A file comes from outside: bounded in size, entries and depth, no entity is expanded, and whatever is wrong with it
ends in `Invalid`. What the file says is never repeated in a reason: it may be somebody's name.
"""

from __future__ import annotations

from datetime import date

from services.negotiation.adapters.bank_statements import camt053, mt940
from services.negotiation.adapters.bank_statements.fields import Unreadable
from services.negotiation.domain.receipts.statement import STATEMENTS_MAX, Statement, statement_reasons
from shared.kernel.refusal import Invalid, Reason

BYTES_MAX = 16 * 1024 * 1024
REASONS_MAX = 200


class BankFiles:
    """Reads both formats."""

    def read(self, raw: bytes, today: date) -> list[Statement]:
        """The statements of a file. Raises `Invalid` with every reason at once; nothing else, whatever the bytes."""
        if len(raw) > BYTES_MAX:
            raise refused([Reason("file_too_large", "", f"at most {BYTES_MAX // 1024 // 1024} MiB")])
        begin = raw[:200].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
        try:
            statements = camt053.read(raw) if begin.startswith(b"<") else mt940.read(raw)
        except Unreadable as unreadable:
            raise refused(unreadable.reasons) from None
        if not 1 <= len(statements) <= STATEMENTS_MAX:
            raise refused([Reason("no_statements", "", f"a file holds 1 to {STATEMENTS_MAX} statements")])
        reasons = [
            reason
            for place, statement in enumerate(statements)
            for reason in statement_reasons(statement, f"/statements/{place}", today)
        ]
        if reasons:
            raise refused(reasons)
        return statements


def refused(reasons: list[Reason]) -> Invalid:
    return Invalid("statement_refused", "the file is not taken: see the reasons", reasons[:REASONS_MAX])
