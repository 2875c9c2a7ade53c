"""Reads the amount of money that a message names. Text is plain (lower case, half width)."""

from __future__ import annotations

import re

_AMOUNTS = re.compile(
    r"[$¥£€]\s?(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?"
    r"|(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?\s?(?:usd|dollars?|bucks|pounds?|euros?|cny|rmb|元|块|圆)"
)
_THOUSANDS = re.compile(r"(\d{1,4})(?:\.(\d))?\s?(千|万|k\b)")
_ZH_AMOUNT = re.compile(r"([一二两三四五六七八九])(百|千|万)(?:([一二三四五六七八九])(百|千)?)?(?:元|块|圆)?")
_ZH_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"百": 100, "千": 1_000, "k": 1_000, "万": 10_000}


def promised_amount(said: str, exponent: int) -> int | None:
    """The first amount of money in the text, in minor units."""
    minor_units: int = 10**exponent
    if match := _AMOUNTS.search(said):
        whole, part = (match[1], match[2]) if match[1] else (match[3], match[4])
        return int(whole.replace(",", "")) * minor_units + int((part or "").ljust(exponent, "0")[:exponent] or 0)
    if match := _THOUSANDS.search(said):
        unit = _UNITS[match[3]]
        return (int(match[1]) * unit + int(match[2] or 0) * unit // 10) * minor_units
    if match := _ZH_AMOUNT.search(said):
        unit = _UNITS[match[2]]
        rest = _ZH_DIGITS[match[3]] * (_UNITS[match[4]] if match[4] else unit // 10) if match[3] else 0
        return (_ZH_DIGITS[match[1]] * unit + rest) * minor_units
    return None
