"""Fields that both formats have: amounts and dates, read strictly, and the reasons collected on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from shared.kernel.money import EXPONENTS
from shared.kernel.refusal import Reason

TEXT_MAX = 4_000
_AMOUNT = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{0,5}))?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Unreadable(Exception):
    """A file that cannot be read, with every reason that was found until then."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__("unreadable")
        self.reasons = list(reasons)


class Findings:
    """Collects what is wrong while reading goes on with something harmless in its place."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []

    def add(self, code: str, pointer: str, message: str) -> None:
        self.reasons.append(Reason(code, pointer, message))

    def amount(self, text: str, currency: str, pointer: str) -> int:
        """Minor units; more decimals than the currency has are refused unless they are zeros."""
        found = _AMOUNT.fullmatch(text.strip())
        exponent = EXPONENTS.get(currency, 2)
        if found is None or (found[2] or "")[exponent:].strip("0"):
            self.add("amount_malformed", pointer, "not an amount of this currency")
            return 0
        return int(found[1] + (found[2] or "")[:exponent].ljust(exponent, "0"))

    def day(self, text: str, pointer: str) -> date:
        """An ISO date, or the date of an ISO moment as the bank wrote it."""
        try:
            return date.fromisoformat(text.strip()[:10])
        except ValueError:
            self.add("date_malformed", pointer, "not a date")
            return date.min

    def end(self) -> None:
        if self.reasons:
            raise Unreadable(self.reasons)


def clean(text: str | None) -> str:
    """Text as it may be stored: bounded, without control characters and halves of characters."""
    return _CONTROL.sub(" ", (text or "")[:TEXT_MAX]).strip()
