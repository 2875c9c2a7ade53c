"""Amounts, dates and numbers inside the texts: unambiguous, and the same on every machine."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from shared.kernel.money import EXPONENTS

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_CURRENCIES_ZH = {"CNY": "元", "USD": "美元"}


def money(minor_units: int, currency: str, language: str) -> str:
    amount = f"{Decimal(minor_units).scaleb(-EXPONENTS[currency]):,}"
    return f"{amount} {_CURRENCIES_ZH.get(currency, currency)}" if language == "zh" else f"{currency} {amount}"


def day(value: date, language: str) -> str:
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime, language: str) -> str:
    return f"{day(value.date(), language)} {value:%H:%M} UTC"
