"""Reads the day and the amount that a promise names, in Chinese and English. Text is lower case."""

from __future__ import annotations

import re
from datetime import date, timedelta

_AMOUNTS = re.compile(
    r"[$¥]\s?(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?"
    r"|(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?\s?(?:usd|dollars?|bucks|cny|rmb|元|块)"
)


def promised_amount(said: str, exponent: int) -> int | None:
    """The first amount of money in the text, in minor units."""
    match = _AMOUNTS.search(said)
    if match is None:
        return None
    whole, part = (match[1], match[2]) if match[1] else (match[3], match[4])
    minor_units: int = 10**exponent
    return int(whole.replace(",", "")) * minor_units + int((part or "").ljust(exponent, "0")[:exponent] or 0)


_ISO = re.compile(r"(20\d\d)[-/年](\d{1,2})[-/月](\d{1,2})")
_MONTH_DAY_ZH = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")
_DAY_ZH = re.compile(r"(?<!\d)(\d{1,2})[号日]")
_DAY_EN = re.compile(r"\bthe (\d{1,2})(?:st|nd|rd|th)\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_DAY_EN = re.compile(r"\b(" + "|".join(_MONTHS) + r")[a-z]{0,6}\.? (\d{1,2})(?:st|nd|rd|th)?\b")
_WEEKDAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY_ZH = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_WEEKDAYS_ZH = "一二三四五六日"
_IN_DAYS = re.compile(r"(?:in|within) (\d{1,3}) days?|(\d{1,3})天(?:后|内|之内)")


def promised_day(said: str, today: date) -> date | None:
    """The day a promise names: the next one of that description, never one in the past."""
    if match := _ISO.search(said):
        return _not_past(_date(int(match[1]), int(match[2]), int(match[3])), today)
    if match := _MONTH_DAY_ZH.search(said):
        return _next_month_day(int(match[1]), int(match[2]), today)
    if match := _MONTH_DAY_EN.search(said):
        return _next_month_day(_MONTHS.index(match[1]) + 1, int(match[2]), today)
    if match := _IN_DAYS.search(said):
        return today + timedelta(days=int(match[1] or match[2]))
    if "tomorrow" in said or "明天" in said:
        return today + timedelta(days=1)
    if "后天" in said:
        return today + timedelta(days=2)
    if "today" in said or "今天" in said or "tonight" in said:
        return today
    if match := _WEEKDAY_ZH.search(said):
        return _next_weekday(_WEEKDAYS_ZH.index(match[1].replace("天", "日")), today)
    for number, name in enumerate(_WEEKDAYS_EN):
        if name in said:
            return _next_weekday(number, today)
    if match := _DAY_ZH.search(said) or _DAY_EN.search(said):
        return _next_day_of_month(int(match[1]), today)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _not_past(on: date | None, today: date) -> date | None:
    return on if on is not None and on >= today else None


def _next_month_day(month: int, day: int, today: date) -> date | None:
    return _not_past(_date(today.year, month, day), today) or _date(today.year + 1, month, day)


def _next_day_of_month(day: int, today: date) -> date | None:
    this_month = _not_past(_date(today.year, today.month, day), today)
    if this_month is not None:
        return this_month
    year, month = (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)
    return _date(year, month, day)


def _next_weekday(weekday: int, today: date) -> date:
    """The coming one; the same weekday is a week from today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
