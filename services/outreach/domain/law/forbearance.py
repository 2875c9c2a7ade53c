"""Plans and holds that a rule grants: card instalments in China, time to work out a plan in the United Kingdom."""

from __future__ import annotations

from collections.abc import Callable

from services.outreach.domain.law.dates import Answer, Given, days_after, read_choice, read_day, read_number, text

CARD_PLAN_MONTHS_MAX = 60
PLAN_HOLD_DAYS = 30
PLAN_HOLD_EXTENSION_DAYS = 30


def card_instalment_plan(given: Given) -> Answer:
    """A personal instalment agreement on a credit card (信用卡业务监督管理办法 70).

    `months`, `state` (performed, broken, settled), `is_oral` (then the recording stays at least until it is settled).
    """
    months = read_number(given, "months")
    state = read_choice(given, "state", frozenset({"performed", "broken", "settled"}))
    return {
        "is_within_limit": 0 < months <= CARD_PLAN_MONTHS_MAX,
        "months_max": CARD_PLAN_MONTHS_MAX,
        "may_collect": state == "broken",
        "may_issue_another_card": state == "settled",
        "must_keep_recording": bool(given.get("is_oral")) and state != "settled",
    }


def plan_hold(given: Given) -> Answer:
    """How long pursuit rests once a debt counsellor works out a plan (CONC 7.3.11R, 7.3.12G; the days from memory).

    `told_on`, `shows_progress` (a further period is then considered).
    """
    told_on = read_day(given, "told_on")
    days = PLAN_HOLD_DAYS + (PLAN_HOLD_EXTENSION_DAYS if given.get("shows_progress") else 0)
    return {
        "hold_until": text(days_after(told_on, days)),
        "days": PLAN_HOLD_DAYS,
        "extension_days": PLAN_HOLD_EXTENSION_DAYS,
        "confidence": "memory",
    }


QUESTIONS: dict[str, Callable[[Given], Answer]] = {
    "card_instalment_plan": card_instalment_plan,
    "plan_hold": plan_hold,
}
