"""What may be paid: what is owed and no more. Money is taken under any hold."""

from __future__ import annotations

from shared.kernel.money import EXPONENTS
from shared.kernel.refusal import Conflict, Invalid, Reason

POINTER = "/amount"


def payable(wanted: int, *, balance: int, currency: str, method_max: int | None) -> int:
    """The amount, if it may be paid. Raises `Conflict` where nothing is owed, `Invalid` with every reason otherwise.

    At least one whole unit of the currency, unless less than that is owed. `method_max` is the provider's limit.
    """
    if balance <= 0:
        raise Conflict("nothing_owed", "nothing is owed on this case")
    reasons = []
    if wanted > balance:
        reasons.append(Reason("more_than_owed", POINTER, "not more than is owed"))
    if wanted < min(10 ** EXPONENTS[currency], balance):
        reasons.append(Reason("amount_too_small", POINTER, "at least one unit of the currency"))
    if method_max is not None and wanted > method_max:
        reasons.append(Reason("amount_above_limit", POINTER, "too much for this way of paying: use a bank transfer"))
    if reasons:
        raise Invalid("amount_refused", "this amount cannot be paid", reasons)
    return wanted
