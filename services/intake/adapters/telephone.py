"""Contact points read by the public numbering plan (phonenumbers): normal form, validity, candidate time zones."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import timezone

from services.intake.domain.contact_point import normal_email, normal_postal
from services.intake.domain.places import CHINA_ZONES, US_STRADDLING_CODES, ZONES_MAX

_SEPARATORS = re.compile(r"[\s().\-]+")
_PLAIN = re.compile(r"\+?\d{5,17}", re.ASCII)
_CALLING_CODES = {"US": "1", "CN": "86"}
_SUBSCRIBER_DIGITS = 4
"""The last digits of a number: the plans of the US and of China never decide by them."""
_CHINA_MOBILE_DIGITS = 11
_UNKNOWN_ZONE = "Etc/Unknown"
_INVENTED_CHINESE = re.compile(r"\+86142\d{8}", re.ASCII)
"""China keeps no numbers for fiction, so a sandbox's invented ones begin with 142, which no operator has."""


class NumberingPlan:
    """Reads contact points. Telephone prefixes are remembered: a full look-up takes some 100 microseconds.

    `accepts_invented`: a sandbox's invented Chinese numbers pass as well; invented American ones always do.
    """

    def __init__(self, *, accepts_invented: bool = False) -> None:
        self._accepts_invented = accepts_invented

    def read(
        self, kind: str, value: str, jurisdiction: str, *, is_invented: bool = False
    ) -> tuple[str | None, tuple[str, ...]]:
        if kind == "email":
            return normal_email(value), ()
        if kind == "postal":
            return normal_postal(value), ()
        if self._accepts_invented and _INVENTED_CHINESE.fullmatch(value):
            return value, CHINA_ZONES
        return _read_telephone(value, jurisdiction, is_invented)


def _read_telephone(value: str, jurisdiction: str, is_invented: bool) -> tuple[str | None, tuple[str, ...]]:
    digits = _SEPARATORS.sub("", value)
    if not _PLAIN.fullmatch(digits):
        return None, ()
    code = _CALLING_CODES[jurisdiction]
    national = _national(digits, code)
    if national is None:
        return _look_up(digits, jurisdiction)
    prefix, last = national[:-_SUBSCRIBER_DIGITS], national[-_SUBSCRIBER_DIGITS:]
    is_valid, zones = _plan_of(code, prefix)
    if is_invented and code == "86" and len(national) == _CHINA_MOBILE_DIGITS:
        return f"+{code}{national}", CHINA_ZONES
    return (f"+{code}{prefix}{last}" if is_valid else None), (zones if is_valid else ())


def _national(digits: str, code: str) -> str | None:
    """The national number where it is plainly one of `code`'s country, None where the library must find out."""
    if digits.startswith("+"):
        return digits[1 + len(code) :] if digits.startswith("+" + code) else None
    if code == "1":
        return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits if len(digits) == 10 else None
    # China: mobiles are dialled as they are; a fixed line's trunk prefix and area code are the library's to split.
    return digits if len(digits) == 11 and digits[0] == "1" else None


@lru_cache(maxsize=100_000)
def _plan_of(code: str, prefix: str) -> tuple[bool, tuple[str, ...]]:
    number = phonenumbers.PhoneNumber(country_code=int(code), national_number=int(f"{prefix}0123"))
    if prefix.startswith("0") or not phonenumbers.is_valid_number(number):
        return False, ()
    if code == "86":
        return True, CHINA_ZONES
    return True, _zones(number) if prefix[:3] not in US_STRADDLING_CODES else US_STRADDLING_CODES[prefix[:3]]


def _look_up(digits: str, jurisdiction: str) -> tuple[str | None, tuple[str, ...]]:
    try:
        number = phonenumbers.parse(digits, jurisdiction)
    except phonenumbers.NumberParseException:
        return None, ()
    if not phonenumbers.is_valid_number(number):
        return None, ()
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return text, CHINA_ZONES if number.country_code == 86 else _zones(number)


def _zones(number: phonenumbers.PhoneNumber) -> tuple[str, ...]:
    """No zone for numbers without a place (toll-free): they point everywhere and so nowhere."""
    zones = tuple(zone for zone in timezone.time_zones_for_number(number) if zone != _UNKNOWN_ZONE)
    return zones if len(zones) <= ZONES_MAX else ()
