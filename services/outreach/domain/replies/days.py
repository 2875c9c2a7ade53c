"""Reads the day that a promise names, in Chinese and English: always today or later, never a guess.

People do not agree on what "next Friday" is, so what is read here is said back as an absolute date before it counts.
Text is plain (lower case, half width).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

DAYS_MAX = 400
"""A day further away than this is a slip of the pen, not a promise."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS_ZH = "一二三四五六日"
_NUMBERS_EN = {
    "a": 1, "an": 1, "one": 1, "couple of": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "ten": 10,
}  # fmt: skip
_ORDINALS_EN = {"first": 1, "second": 2, "third": 3, "fifth": 5, "tenth": 10, "fifteenth": 15, "twentieth": 20}
_ZH_DIGITS = "零一二三四五六七八九"

_NUM_EN = r"(\d{1,3}|an?|one|two|three|four|five|six|seven|ten|(?:a )?couple of)"
_NUM_ZH = r"(\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_MONTH_EN = r"\b(" + "|".join(_MONTHS) + r")(?:[a-z]{1,6})?\b\.?"
_ISO = re.compile(r"(20\d\d)[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})")
_MONTH_DAY_ZH = re.compile(r"(\d{1,2}|[一二三四五六七八九十]{1,3})月(?:份)?(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]")
_NEXT_MONTH_DAY_ZH = re.compile(r"(下个?月|次月|这个?月|本月)(?:的)?(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]")
_MONTH_END_ZH = re.compile(r"(下个?月|次月|这个?月|本月)?(?:月)?(?:底|末)(?!线|期)|(\d{1,2})月[底末]")
_MONTH_START_ZH = re.compile(r"(下个?月|次月)初|月初")
_DAY_ZH = re.compile(r"(?<![\d月.])(\d{1,2}|[一二三]?十[一二三四五六七八九]?)[号日](?!线|楼|店|院)")
_DAY_EN = re.compile(
    r"\b(?:the|by|on) (\d{1,2})(?:st|nd|rd|th)\b|\bthe (" + "|".join(_ORDINALS_EN) + r")\b(?! time| payment| one| week)"
)
_NEXT_MONTH_DAY_EN = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th) of (next|this) month|next month on the (\d{1,2})(?:st|nd|rd|th)"
)
_MONTH_DAY_EN = re.compile(_MONTH_EN + r" (?:the )?(\d{1,2})(?:st|nd|rd|th)?\b(?!:)")
_DAY_MONTH_EN = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?(?: of)? " + _MONTH_EN)
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")
_END_OF_MONTH_EN = re.compile(
    r"\b(?:end of|by the end of|last day of) (?:the |this |(next) |of the )?month|\bmonth[- ]end\b"
)
_END_OF_NAMED_EN = re.compile(r"\bend of " + _MONTH_EN)
_END_OF_WEEK = re.compile(r"\bend of (?:the |this )?week\b|\bthis weekend\b|这个?周末|本周内|这周内|本周末")
_IN_EN = re.compile(
    r"\b(?:in|within) (?:the next |about )?" + _NUM_EN + r" (day|week|month)s?\b"
    r"|\b" + _NUM_EN + r" (day|week|month)s? (?:from|after) (?:today|now|tomorrow)"
)
_IN_ZH = re.compile(
    _NUM_ZH
    + r"\s?个?(天|日|周|星期|礼拜|月)(?:之?[后内]|以[后内])|(?:再)?过"
    + _NUM_ZH
    + r"\s?个?(天|日|周|星期|礼拜|月)"
)
_WEEKDAY_ZH = re.compile(r"(下下|下|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天])")
_WEEKDAY_EN = re.compile(
    r"\b(?:(next|this|coming|a week on) )?(" + "|".join(d[:3] + r"(?:" + d[3:] + r")?" for d in _WEEKDAYS_EN) + r")s?\b"
)


def promised_day(said: str, today: date) -> date | None:
    """The day a promise names, today or later; None where it names none, or one that cannot be."""
    for read in _READERS:
        found = read(said, today)
        if found is None:
            continue
        on = found[0]
        return on if on is not None and today <= on <= today + timedelta(days=DAYS_MAX) else None
    return None


Found = tuple[date | None]
"""A phrase was there; None in it: it names no possible day."""
Reader = Callable[[str, date], Found | None]


def _iso(said: str, today: date) -> Found | None:
    match = _ISO.search(said)
    return (_date(int(match[1]), int(match[2]), int(match[3])),) if match else None


def _month_day(said: str, today: date) -> Found | None:
    if match := _MONTH_DAY_ZH.search(said):
        return (_next_month_day(_number_zh(match[1]), _number_zh(match[2]), today),)
    if match := _MONTH_DAY_EN.search(said):
        return (_next_month_day(_MONTHS.index(match[1]) + 1, int(match[2]), today),)
    if match := _DAY_MONTH_EN.search(said):
        return (_next_month_day(_MONTHS.index(match[2]) + 1, int(match[1]), today),)
    return None


def _day_of_next_month(said: str, today: date) -> Found | None:
    if match := _NEXT_MONTH_DAY_ZH.search(said):
        year, month = _after(today) if match[1].startswith(("下", "次")) else (today.year, today.month)
        return (_date(year, month, _number_zh(match[2])),)
    if match := _NEXT_MONTH_DAY_EN.search(said):
        year, month = (today.year, today.month) if match[2] == "this" else _after(today)
        return (_date(year, month, int(match[1] or match[3])),)
    return None


def _month_end(said: str, today: date) -> Found | None:
    if match := _END_OF_NAMED_EN.search(said):
        return (_end_of_month(_MONTHS.index(match[1]) + 1, today),)
    if match := _END_OF_MONTH_EN.search(said):
        return (_last_day(*(_after(today) if match[1] else (today.year, today.month))),)
    if match := _MONTH_END_ZH.search(said):
        if match[2]:
            return (_end_of_month(int(match[2]), today),)
        is_next = (match[1] or "").startswith(("下", "次"))
        return (_last_day(*(_after(today) if is_next else (today.year, today.month))),)
    if match := _MONTH_START_ZH.search(said):
        year, month = _after(today)
        return (date(year, month, 5),)
    return None


def _in_so_many(said: str, today: date) -> Found | None:
    if match := _IN_EN.search(said):
        amount, unit = (match[1], match[2]) if match[1] else (match[3], match[4])
        number = (
            int(amount) if amount.isdigit() else _NUMBERS_EN[amount.removeprefix("a ") if " " in amount else amount]
        )
        return (_later(today, number, {"day": "天", "week": "周", "month": "月"}[unit]),)
    if match := _IN_ZH.search(said):
        amount, unit = (match[1], match[2]) if match[1] else (match[3], match[4])
        if amount == "半":
            return (today + timedelta(days=15),) if unit == "月" else None
        return (_later(today, _number_zh(amount), unit),)
    return None


def _named_day(said: str, today: date) -> Found | None:
    if "day after tomorrow" in said or re.search(r"(?<!大)后天", said):
        return (today + timedelta(days=2),)
    if "大后天" in said:
        return (today + timedelta(days=3),)
    if re.search(r"\b(?:tomorrow|tmrw|tmr)\b", said) or re.search(r"明[天日晚早]|明儿", said):
        return (today + timedelta(days=1),)
    if re.search(r"\b(?:today|tonight|this (?:evening|afternoon|morning))\b", said) or re.search(
        r"今[天晚日]|今儿", said
    ):
        return (today,)
    if re.search(r"\bnew year'?s eve\b", said):
        return (_next_month_day(12, 31, today),)
    if re.search(r"\bchristmas\b", said):
        return (_next_month_day(12, 25, today),)
    return None


def _week(said: str, today: date) -> Found | None:
    if match := _WEEKDAY_ZH.search(said):
        return (_weekday_zh(match[1] or "", _WEEKDAYS_ZH.index(match[2].replace("天", "日")), today),)
    if match := _WEEKDAY_EN.search(said):
        number = next(n for n, name in enumerate(_WEEKDAYS_EN) if name.startswith(match[2][:3]))
        coming = _next_weekday(number, today)
        # "Next Friday", said on a Monday, is to most people the one of the week that follows.
        is_later = match[1] == "a week on" or (match[1] == "next" and _monday(coming) == _monday(today))
        return (coming + timedelta(days=7) if is_later else coming,)
    if _END_OF_WEEK.search(said):
        return (_monday(today) + timedelta(days=6),)
    return None


def _bare_day(said: str, today: date) -> Found | None:
    if match := _DAY_ZH.search(said):
        return (_next_day_of_month(_number_zh(match[1]), today),)
    if match := _DAY_EN.search(said):
        return (_next_day_of_month(int(match[1]) if match[1] else _ORDINALS_EN[match[2]], today),)
    if match := _SLASHED.search(said):
        first, second = int(match[1]), int(match[2])
        # 3/4 is two days to two people: where both readings are possible, we ask.
        if first > 12 >= second:
            return (_next_month_day(second, first, today),)
        return (_next_month_day(first, second, today) if second > 12 or first == second else None,)
    return None


_READERS: tuple[Reader, ...] = (
    _iso,
    _day_of_next_month,
    _month_end,
    _month_day,
    _in_so_many,
    _named_day,
    _week,
    _bare_day,
)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _after(today: date) -> tuple[int, int]:
    return (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _end_of_month(month: int, today: date) -> date | None:
    if not 1 <= month <= 12:
        return None
    this_year = _last_day(today.year, month)
    return this_year if this_year >= today else _last_day(today.year + 1, month)


def _later(today: date, number: int, unit: str) -> date:
    if unit in ("天", "日"):
        return today + timedelta(days=number)
    if unit == "月":
        months = today.year * 12 + today.month - 1 + number
        year, month = divmod(months, 12)
        return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
    return today + timedelta(weeks=number)


def _next_month_day(month: int, day: int, today: date) -> date | None:
    this_year = _date(today.year, month, day)
    return this_year if this_year is not None and this_year >= today else _date(today.year + 1, month, day)


def _next_day_of_month(day: int, today: date) -> date | None:
    this_month = _date(today.year, today.month, day)
    return this_month if this_month is not None and this_month >= today else _date(*_after(today), day)


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _next_weekday(weekday: int, today: date) -> date:
    """The coming one; the same weekday is a week from today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _weekday_zh(which: str, weekday: int, today: date) -> date:
    if which in ("下", "下下"):
        return _monday(today) + timedelta(days=7 * len(which) + weekday)
    return _next_weekday(weekday, today)


def _number_zh(text: str) -> int:
    """1 to 99, in digits of either kind."""
    if text.isdigit():
        return int(text)
    text = text.replace("两", "二")
    tens, ten, ones = text.partition("十")
    if not ten:
        return _ZH_DIGITS.index(text[-1])
    return (_ZH_DIGITS.index(tens[-1]) if tens else 1) * 10 + (_ZH_DIGITS.index(ones[0]) if ones else 0)
