"""What a person says to a promise that was said back to them: yes, no, or "no, the 15th"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Literal

from services.outreach.domain.replies.amounts import promised_amount
from services.outreach.domain.replies.days import promised_day
from services.outreach.domain.replies.meaning import UNSURE, Meaning, plain

Answer = Literal["yes", "no"]
ANSWER_LENGTH_MAX = 60
"""Longer messages say more than yes or no and are read as any other."""

_YES = re.compile(
    r"^(?:yes|yeah|yep|yup|y|correct|right|that'?s (?:right|correct)|confirmed?|i confirm|agreed|ok|okay|sure|"
    r"是的?|对的?|没错|好的?|确认|可以|嗯+|行|同意|没问题)(?: (?:please|thanks|thank you|sir|that'?s right))?[ ,.!。]*"
    r"(?:谢谢|thanks|thank you)?[ .!。]*$"
)
_NO = re.compile(
    r"^(?:no|nope|not|wrong|incorrect|that'?s (?:wrong|not (?:right|correct))|"
    r"i (?:didn't|did not|never) (?:say|promise)|"
    r"不是|不对|错了|不行|没有|不|我没(?:说|答应|承诺))(?:\b|(?=[ ,.!。,我是改应]|$|\d))"
)


def answer_to_promise(text: str) -> Answer | None:
    said = plain(text)
    if len(said) > ANSWER_LENGTH_MAX:
        return None
    if _YES.search(said):
        return "yes"
    return "no" if _NO.search(said) else None


def read_answer(
    text: str, meaning: Meaning, answer: Answer, promised: int | None, today: date, exponent: int
) -> Meaning:
    """The meaning of a yes or no. A legal word in it stands; a new day, or a new amount, is a new promise."""
    if meaning.rule.startswith("rule."):
        return meaning
    if answer == "yes":
        return Meaning("other", "rule.promise_confirmed")
    said = plain(text)
    day, amount = promised_day(said, today), promised_amount(said, exponent)
    if day is None:
        return Meaning("other", "rule.promise_denied")
    corrected = Meaning("promise", "rule.promise_corrected", promised_on=day, promised_minor_units=amount or promised)
    return replace(corrected, suggestions=meaning.suggestions if meaning.review != UNSURE else ())
