"""Procedures for e-mail and text messages, and the way out that each must offer (12 CFR 1006.6(d)(4), (d)(5), (e))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from services.outreach.domain.law.us_calendar import day, optional_day
from services.outreach.domain.law.us_question import Question, asked

NOTICE_DAYS = 35
TEXT_DAYS = 60

ABOUT_THE_ACCOUNT = frozenset({"statements", "payment_reminders", "account_service"})
"""Comment 6(d)(4)(ii)(B)-1: advertising unrelated to the account is no use about the account."""

SIMPLE_WAYS = {
    "written": frozenset({"reply_form_and_envelope", "telephone", "electronic"}),
    "electronic": frozenset({"link", "reply_word", "electronic"}),
}
"""Comment 6(d)(4)(ii)(C)(4)-1: one step, in the medium the person already has in hand."""

PUBLIC_DOMAINS = frozenset(
    [
        "aol.com",
        "att.net",
        "comcast.net",
        "fastmail.com",
        "gmail.com",
        "gmx.com",
        "gmx.us",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "mac.com",
        "mail.com",
        "me.com",
        "msn.com",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "rocketmail.com",
        "sbcglobal.net",
        "tutanota.com",
        "verizon.net",
        "yahoo.com",
        "yandex.com",
        "ymail.com",
        "zoho.com",
        "zohomail.com",
        "126.com",
        "163.com",
    ]
)
"""Domains whose addresses anybody can have. Any other is taken for somebody's own: the stricter reading."""


def is_public_domain(domain: str) -> bool:
    """1006.6(d)(4)(ii)(E): available for use by the general public."""
    return domain.rpartition("@")[2].strip().casefold() in PUBLIC_DOMAINS


def _public_domain(given: Mapping[str, Any]) -> Mapping[str, Any]:
    is_public = is_public_domain(given["domain"])
    # Comment -2: what anybody told the collector about an employer's address, the collector knows.
    is_usable = is_public and not given.get("is_told_employer_provided", False)
    return {"is_public": is_public, "verdict": "allow" if is_usable else "deny"}


def _creditor_notice(given: Mapping[str, Any]) -> Mapping[str, Any]:
    sent, deadline = day(given["sent_on"]), day(given["opt_out_until"])
    form = given.get("form", "written")
    faults = _named(
        {
            "not_used_about_the_account": ABOUT_THE_ACCOUNT.isdisjoint(given.get("used_for", ("statements",))),
            "collector_not_named": not given.get("names_collector", True),
            "way_out_not_simple": given.get("way_out", "electronic") not in SIMPLE_WAYS[form],
            "deadline_too_early": deadline - sent < timedelta(days=NOTICE_DAYS),
            "two_places_to_answer": len(given.get("answer_to", ("creditor",))) != 1,
            "opted_out": given.get("is_opted_out", False),
            "no_public_domain": not is_public_domain(given.get("domain", "gmail.com")),
            "employer_provided": given.get("is_told_employer_provided", False),
        }
    )
    return {"verdict": "deny" if faults else "allow", "faults": faults, "days": (deadline - sent).days}


def _prior_collector(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """1006.6(d)(4)(iii): anybody before obtained it by the procedures, and the collector just before used it."""
    before: list[Mapping[str, Any]] = list(given["before"])
    faults = _named(
        {
            "nobody_before": not before,
            "never_obtained_compliantly": not any(one.get("obtained_compliantly", False) for one in before),
            "not_used_just_before": not (before and before[-1].get("used", False)),
            "opted_out": any(one.get("opted_out", False) for one in before),
        }
    )
    return {"verdict": "deny" if faults else "allow", "faults": faults}


def last_day_for_text(signs: Iterable[date]) -> date | None:
    """1006.6(d)(5): sixty days from the latest text, consent or check; None where there never was one."""
    latest = max(signs, default=None)
    return None if latest is None else latest + timedelta(days=TEXT_DAYS)


def _text_consent(given: Mapping[str, Any]) -> Mapping[str, Any]:
    opened = [on for key in ("texted_on", "consented_on") if (on := optional_day(given.get(key))) is not None]
    checked = optional_day(given.get("number_checked_on"))
    # A check of the reassigned-numbers database renews a permission; it does not make one.
    signs = [*opened, checked] if opened and checked is not None else opened
    last = last_day_for_text(signs)
    is_met = last is not None and day(given["on"]) <= last and not given.get("is_opted_out", False)
    return {"verdict": "allow" if is_met else "deny", "last_day": last.isoformat() if last else None}


def _opt_out_notice(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """1006.6(e): in every electronic message, clear, in the same medium, for nothing, and asking for nothing more."""
    faults = _named(
        {
            "no_statement": given.get("way_out") is None,
            "way_out_not_simple": given.get("way_out") not in (None, *SIMPLE_WAYS["electronic"]),
            "not_noticeable": not given.get("is_noticeable", True),
            "costs_something": bool(given.get("costs_something", False)),
            "asks_more_than_the_choice": bool(set(given.get("asks_for", ())) - {"opt_out", "address"}),
        }
    )
    return {"verdict": "deny" if faults else "allow", "faults": faults}


def _named(checks: Mapping[str, bool]) -> list[str]:
    return [name for name, is_fault in checks.items() if is_fault]


QUESTIONS: dict[str, Question] = {
    "us_public_domain": asked(_public_domain, "domain", may="is_told_employer_provided"),
    "us_creditor_notice": asked(
        _creditor_notice,
        "opt_out_until sent_on",
        may="answer_to domain form is_opted_out is_told_employer_provided names_collector used_for way_out",
    ),
    "us_prior_collector": asked(_prior_collector, "before"),
    "us_text_consent": asked(_text_consent, "on", may="consented_on is_opted_out number_checked_on texted_on"),
    "us_opt_out_notice": asked(_opt_out_notice, may="asks_for channel costs_something is_noticeable way_out"),
}
