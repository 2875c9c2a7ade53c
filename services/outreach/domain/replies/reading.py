"""Reads a reply: legal words by rule first, everything else by the model; what nobody is sure of goes to a person."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from services.outreach.domain.replies.amounts import promised_amount
from services.outreach.domain.replies.causes import cause_of, is_about_amount
from services.outreach.domain.replies.days import promised_day
from services.outreach.domain.replies.legal_words import legal_meanings
from services.outreach.domain.replies.meaning import CALL_BACK, DISTRESS, UNSURE, Meaning, plain
from services.outreach.domain.replies.model import ReplyModel

SUGGESTIONS_MAX = 3
BORNE_OUT_FLOOR = 0.6
"""Less confidence is enough where the words themselves bear the model out: a promise that names its day (it is said
back before it counts), a hardship that names its cause (it only ever pauses)."""
_ONE_EFFECT = ("hardship", "cannot_pay")
DISTRESS_FLOOR = 0.25
"""Somebody who may be in distress is looked at first, however unsure the model is."""


def understand(text: str, today: date, model: ReplyModel, exponent: int = 2) -> Meaning:
    """Classify one message. `today` is the borrower's business date, for "tomorrow" and "on Friday".

    Where a message says several things with an effect of their own, all take effect and the most protective one names
    the reply. Only the first 4,000 characters are read.
    """
    said = plain(text)
    found = legal_meanings(said)
    if found:
        return replace(found[0], also=tuple(found[1:]))
    if not re.search(r"\w", said):
        return Meaning("other", "rule.empty")
    return _guess(said, today, model, exponent)


def _guess(said: str, today: date, model: ReplyModel, exponent: int) -> Meaning:
    confidences = model.confidences(said)
    suggestions = tuple((intent, round(p * 10_000)) for intent, p in confidences[:SUGGESTIONS_MAX])
    intent, confidence = confidences[0]
    reader = f"model.{model.version}"
    day = promised_day(said, today) if intent == "promise" else None
    is_borne_out = day is not None or (intent in _ONE_EFFECT and cause_of(said) is not None)
    if intent in _ONE_EFFECT:
        confidence = sum(p for other, p in confidences if other in _ONE_EFFECT)
    if confidence < (BORNE_OUT_FLOOR if is_borne_out else model.threshold):
        if dict(confidences)["distress"] >= DISTRESS_FLOOR:
            return Meaning("distress", reader, hold="distress", review=DISTRESS, suggestions=suggestions)
        return Meaning(intent, reader, review=UNSURE, suggestions=suggestions)
    meaning = _meant(intent, said, reader)
    if intent == "promise":
        meaning = replace(meaning, promised_on=day, promised_minor_units=promised_amount(said, exponent))
    return replace(meaning, suggestions=suggestions)


def _meant(intent: str, said: str, reader: str) -> Meaning:
    """What an intent that is sure entails."""
    cause = cause_of(said)
    if intent == "cannot_pay" and cause is not None:
        # Cannot pay, and says why: that is hardship, whichever the model heard louder.
        intent = "hardship"
    match intent:
        case "hardship":
            return Meaning("hardship", reader, hold="hardship", arrears_cause=cause or "cash_flow_gap")
        case "dispute" if is_about_amount(said):
            return Meaning("dispute", reader, hold="dispute", category="amount", arrears_cause="dispute")
        case _:
            return read_by_staff(intent, None, None, None, reader)


def read_by_staff(
    intent: str,
    category: str | None,
    arrears_cause: str | None,
    refused_channel: str | None,
    reader: str = "staff.review",
) -> Meaning:
    """What follows from an intent that somebody names, without its text."""
    match intent:
        case "stop":
            hold = None if refused_channel else "cease"
            return Meaning("stop", reader, hold=hold, refused_channel=refused_channel)
        case "wrong_person":
            return Meaning("wrong_person", reader, hold="wrong_person", is_wrong_person=True)
        case "hardship":
            return Meaning("hardship", reader, hold="hardship", arrears_cause=arrears_cause or "unknown")
        case "cannot_pay":
            return Meaning("cannot_pay", reader, hold="hardship", arrears_cause=arrears_cause or "cash_flow_gap")
        case "already_paid":
            return Meaning("already_paid", reader, hold="verification")
        case "dispute":
            ground = category or "not_owed"
            cause = "fraud_victim" if ground == "fraud" else "dispute"
            return Meaning("dispute", reader, hold="dispute", category=ground, arrears_cause=cause)
        case "complaint":
            return Meaning("complaint", reader, hold="complaint", category=category or "conduct")
        case "distress":
            review = None if reader == "staff.review" else DISTRESS
            return Meaning("distress", reader, hold="distress", review=review)
        case "call_back":
            return Meaning("call_back", reader, review=None if reader == "staff.review" else CALL_BACK)
        case _:
            return Meaning(intent, reader)
