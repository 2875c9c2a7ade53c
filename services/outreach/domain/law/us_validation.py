"""Validation information: when it is due, whom it goes to, what it holds, when its period ends (12 CFR 1006.34)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from services.outreach.domain.law.us_calendar import counted_days_after, day, optional_day
from services.outreach.domain.law.us_question import Question, asked

DUE_DAYS = 5
ASSUMED_RECEIPT_DAYS = 5
PERIOD_DAYS = 30

ITEMIZATION_DATES = frozenset({"last_statement", "charge_off", "last_payment", "transaction", "judgment"})
NOT_INITIAL = frozenset({"pleading", "proof_of_claim", "required_by_other_law"})
"""1006.34(b)(2): these begin no validation."""

ITEMIZATION = ("interest", "fees", "payments", "credits")
CONTENTS = (
    "collector_name",
    "collector_address",
    "consumer_name",
    "consumer_address",
    "creditor_on_itemization_date",
    "creditor_now",
    "account_number",
    "itemization_date",
    "amount_on_itemization_date",
    *ITEMIZATION,
    "current_amount",
    "dispute_ends_on",
    "assumed_valid_after",
    "original_creditor_ends_on",
    "bureau_website",
    "dispute_prompts",
    "original_creditor_prompt",
)
"""1006.34(c)(2), (c)(3)(i)-(v), (c)(4): what must be there. Nothing is said as "0" or "none", never left out."""


def due_on(initial_on: date) -> date:
    """1006.34(a)(1)(i)(B): within five days of the initial communication."""
    return initial_on + timedelta(days=DUE_DAYS)


def assumed_received_on(provided_on: date) -> date:
    """1006.34(b)(5): at the earliest five days later, without Saturdays, Sundays and legal public holidays."""
    return counted_days_after(provided_on, ASSUMED_RECEIPT_DAYS)


def period_ends_on(received_on: date) -> date:
    return received_on + timedelta(days=PERIOD_DAYS)


def notice_that_counts(sent: Sequence[Mapping[str, Any]]) -> date | None:
    """Comment 34(b)(5)-2: a notice that came back was not received; the next one begins the period."""
    kept = [day(notice["on"]) for notice in sent if notice.get("returned_on") is None]
    return min(kept, default=None)


def _due(given: Mapping[str, Any]) -> Mapping[str, Any]:
    initial, paid = day(given["initial_on"]), optional_day(given.get("paid_on"))
    if given.get("is_in_initial_communication", False):
        return {"is_required": False, "due_on": None}
    is_required = paid is None or paid > due_on(initial)
    return {"is_required": is_required, "due_on": due_on(initial).isoformat() if is_required else None}


def _provided_in_time(given: Mapping[str, Any]) -> Mapping[str, Any]:
    is_in_time = day(given["provided_on"]) <= due_on(day(given["initial_on"]))
    return {"verdict": "allow" if is_in_time else "deny"}


def _period(given: Mapping[str, Any]) -> Mapping[str, Any]:
    basis = notice_that_counts(given["notices"])
    if basis is None:
        return {"basis": None, "received_on": None, "ends_on": None}
    received = optional_day(given.get("received_on")) or assumed_received_on(basis)
    return {
        "basis": basis.isoformat(),
        "received_on": received.isoformat(),
        "ends_on": period_ends_on(received).isoformat(),
    }


def _content(given: Mapping[str, Any]) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = given["fields"]
    separate = given.get("itemization_is_on_referenced_page", False)
    needed = [name for name in CONTENTS if not (separate and name in ITEMIZATION)]
    missing = [name for name in needed if fields.get(name) in (None, "")]
    return {"verdict": "deny" if missing else "allow", "missing": missing}


def _account_number(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Comment 34(c)(2)(iv)-1: shortened is enough where the account can still be told."""
    shown = str(given["shown"])
    is_enough = bool(shown) and str(given["account_number"]).endswith(shown)
    return {"verdict": "allow" if is_enough else "deny"}


def _itemization_date(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """1006.34(b)(3), comments -1, -2: one of five, and one for all that this collector discloses."""
    used = set(given["used"])
    is_lawful = used <= ITEMIZATION_DATES and len(used) == 1
    return {"verdict": "allow" if is_lawful else "deny"}


def _last_payment(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Comment 34(b)(3)(iii)-1: a payment by a third party is a payment; the date is that of the last one."""
    return {"date": max(day(payment["on"]) for payment in given["payments"]).isoformat()}


def _initial(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"is_initial": given["kind"] not in NOT_INITIAL and not given.get("earlier_communications", 0)}


def _recipient(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Comment 34(a)(1)-1: after a death somebody who acts for the estate, by name; "the estate of" names nobody."""
    if not given.get("is_deceased", False):
        return {"recipient": "consumer", "verdict": "allow"}
    is_named = bool(given.get("names_representative", True))
    return {"recipient": "representative_of_estate", "verdict": "allow" if is_named else "deny"}


def _combined(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Comments 34(c)(2)(viii)-4, (ix)-2: one notice for several debts shows one sum."""
    return {
        "current_minor_units": sum(given["current_minor_units"]),
        "itemizations": ["cumulative", "page_per_debt"],
    }


def _translation(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """1006.34(e), comment -1: complete and accurate; the Bureau's own translation is taken to be."""
    is_safe = given.get("uses_bureau_wording", False) or given.get("is_complete_and_accurate", False)
    return {"verdict": "allow" if is_safe else "deny"}


QUESTIONS: dict[str, Question] = {
    "us_validation_due": asked(_due, "initial_on", may="is_in_initial_communication paid_on"),
    "us_validation_in_time": asked(_provided_in_time, "initial_on provided_on"),
    "us_validation_period": asked(_period, "notices", may="received_on"),
    "us_validation_content": asked(_content, "fields", may="itemization_is_on_referenced_page"),
    "us_account_number": asked(_account_number, "account_number shown"),
    "us_itemization_date": asked(_itemization_date, "used", may="used_by_prior_collector"),
    "us_last_payment_date": asked(_last_payment, "payments"),
    "us_initial_communication": asked(_initial, "kind", may="earlier_communications"),
    "us_validation_recipient": asked(_recipient, may="is_deceased names_representative"),
    "us_combined_notice": asked(_combined, "current_minor_units"),
    "us_translation": asked(_translation, may="is_complete_and_accurate uses_bureau_wording"),
}
