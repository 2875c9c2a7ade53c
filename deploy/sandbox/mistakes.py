"""Mistakes that lenders make in what they send: each lender's list holds a few, so that refusals can be seen."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

from deploy.sandbox.lending_club import Record
from deploy.sandbox.seeded import dice

Mistake = Callable[[Record], None]


def _doubles_the_arrears(record: Record) -> None:
    record["arrears_minor_units"] *= 2


def _miscounts_the_days(record: Record) -> None:
    record["days_past_due"] += 45


def _forgets_the_instalment(record: Record) -> None:
    del record["instalment_minor_units"]


def _writes_the_amount_with_a_point(record: Record) -> None:
    record["original_principal_minor_units"] = record["original_principal_minor_units"] / 100


def _garbles_the_contacts(record: Record) -> None:
    record["contact_points"] = [{"kind": "mobile", "value": "12-34", "place": "none"}]


def _takes_another_currency(record: Record) -> None:
    record["currency"] = "CNY" if record["currency"] == "USD" else "USD"


def _sends_somebody_who_has_died(record: Record) -> None:
    record["scrubs"] = {"is_deceased": True}


MISTAKES: dict[str, Mistake] = {
    "doubles_the_arrears": _doubles_the_arrears,
    "miscounts_the_days": _miscounts_the_days,
    "forgets_the_instalment": _forgets_the_instalment,
    "writes_the_amount_with_a_point": _writes_the_amount_with_a_point,
    "garbles_the_contacts": _garbles_the_contacts,
    "takes_another_currency": _takes_another_currency,
    "sends_somebody_who_has_died": _sends_somebody_who_has_died,
}
_EVERY = 24


def with_mistakes(seed: int, lender: str, records: Sequence[Record]) -> list[Record]:
    """The same list with about one record in 24 spoiled, and one sent twice. The first one is always sound."""
    throw = dice(seed, "mistakes", lender)
    spoiled = [copy.deepcopy(record) for record in records]
    kinds = list(MISTAKES.values())
    positions = sorted(throw.sample(range(1, len(records)), len(records) // _EVERY)) if len(records) > _EVERY else []
    for n, position in enumerate(positions):
        kinds[n % len(kinds)](spoiled[position])
    if positions:
        spoiled.append(copy.deepcopy(records[0]))
    return spoiled
