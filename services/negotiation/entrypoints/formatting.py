"""Amounts and dates as people read them, and amounts as they type them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from babel.dates import format_date
from babel.numbers import format_currency, format_percent

from shared.kernel.money import EXPONENTS, MINOR_UNITS_MAX

LOCALES = {"en": "en_US", "zh": "zh_CN"}


def money_text(minor_units: int, currency: str, language: str) -> str:
    amount = Decimal(minor_units).scaleb(-EXPONENTS[currency])
    return format_currency(amount, currency, locale=LOCALES[language])


def day_text(value: date, language: str) -> str:
    return format_date(value, format="medium", locale=LOCALES[language])


def percent_text(basis_points: int, language: str) -> str:
    """`1,250` as 12.5%."""
    return format_percent(Decimal(basis_points) / 10_000, format="0.##%", locale=LOCALES[language])


def typed_amount(text: str, currency: str) -> int | None:
    """Minor units of what was typed in major units; None where it is no exact positive amount."""
    cleaned = text.strip().replace(",", "").replace("，", "").lstrip("$¥￥")
    if len(cleaned) > 20:
        return None
    try:
        minor = Decimal(cleaned).scaleb(EXPONENTS[currency])
    except InvalidOperation:
        return None
    if not minor.is_finite() or minor != minor.to_integral_value() or not 0 < minor <= MINOR_UNITS_MAX:
        return None
    return int(minor)
