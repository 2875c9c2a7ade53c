"""Codes, amounts and dates as people say them, in English and Chinese. A code without words is shown as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent

from services.reporting.entrypoints.words import WORDS
from shared.kernel.money import EXPONENTS

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
_LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}


def word(code: str | None, language: Language) -> str:
    if code is None:
        return "—"
    known = WORDS.get(code)
    return known[LANGUAGES.index(language)] if known else code


def words(codes: list[str] | tuple[str, ...], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(word(code, language) for code in codes)


def money(minor_units: int, currency: str, language: Language) -> str:
    """`$1,234.50`, `¥1,234.50`; the currency's own number of decimals."""
    exponent = EXPONENTS.get(currency, 2)
    amount = Decimal(minor_units).scaleb(-exponent)
    return str(format_currency(amount, currency, locale=_LOCALES[language]))


def number(value: float, language: Language) -> str:
    return str(format_decimal(value, locale=_LOCALES[language]))


def percent(part: int, whole: int, language: Language) -> str:
    if not whole:
        return "—"
    return str(format_percent(Decimal(part) / Decimal(whole), format="#,##0.0%", locale=_LOCALES[language]))


def day(value: date | str | None, language: Language) -> str:
    if value is None:
        return "—"
    on = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return str(format_date(on, format="medium", locale=_LOCALES[language]))


def moment(value: datetime | str | None, language: Language) -> str:
    """To the minute, UTC: the pages say so once."""
    if value is None:
        return "—"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    pattern = "y年M月d日 HH:mm" if language == "zh" else "d MMM y HH:mm"
    return str(format_datetime(at.astimezone(UTC), pattern, locale=_LOCALES[language]))
