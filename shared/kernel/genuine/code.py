"""The short code of a message, to be typed by hand, and the daily list that makes it checkable without us.

A signature does not fit into a text message. The short code is therefore the day (2 characters, so that the right list
is found), 65 bits of the token's hash (13 characters) and one character against slips: four groups of four. It proves
nothing by itself. What proves it is the signed list of its day, which holds for every code a slow hash of the code and
the digest of the text it belongs to. The list cannot be turned into codes: 65 bits against 2^20 codes of a day and
1,000 rounds of SHA-256 are about 2^55 hashes for one code of a past day, and that code then fits one text alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import pbkdf2_hmac, sha256

from shared.kernel.genuine import base32
from shared.kernel.genuine.token import EPOCH, Token

LENGTH = 16
DAYS_AROUND = 1 << 2 * base32.BITS
"""After so many days the day's two characters begin again; the list meant is the newest of that day that exists."""
ROUNDS = 1_000
_HASH_LETTERS = 13
_COMMITMENT_BYTES = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a daily list, both in hex: the slow hash of the code, and the digest of the text."""

    commitment: str
    digest: str


def code_of(token: Token) -> str:
    """Four groups of four."""
    bits = int.from_bytes(sha256(b"concord genuine code" + token.raw).digest()[:9], "big") >> 7
    letters = _letters((token.claim.issued_on - EPOCH).days % DAYS_AROUND, 2) + _letters(bits, _HASH_LETTERS)
    return grouped(letters + _check(letters))


def read_code(text: str) -> str:
    """The code as it should have been typed. Raises ValueError where it cannot be one: too short, foreign, a slip."""
    letters = base32.tidy(text)
    if len(letters) != LENGTH or any(letter not in base32.ALPHABET for letter in letters):
        raise ValueError("not a code")
    if _check(letters[:-1]) != letters[-1]:
        raise ValueError("a slip in the code")
    return grouped(letters)


def day_of(code: str, today: date) -> date:
    """The day of issue: the newest day, not after today (or tomorrow, across zones), that the code may mean."""
    letters = code.replace("-", "")
    number = base32.ALPHABET.index(letters[0]) * 32 + base32.ALPHABET.index(letters[1])
    newest = (today - EPOCH).days + 1
    return EPOCH + timedelta(days=newest - (newest - number) % DAYS_AROUND)


def commitment_of(code: str, day: date) -> str:
    """What the list says of a code: slow on purpose, salted with the day."""
    salt = b"concord genuine list " + day.isoformat().encode()
    return pbkdf2_hmac("sha256", code.replace("-", "").encode(), salt, ROUNDS, _COMMITMENT_BYTES).hex()


def grouped(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, LENGTH, 4))


def _letters(number: int, count: int) -> str:
    return "".join(base32.ALPHABET[number >> base32.BITS * place & 31] for place in range(count - 1, -1, -1))


def _check(letters: str) -> str:
    """A sum weighted by powers of x in GF(32): every single slip and every swap of two characters changes it."""
    total = 0
    for letter in letters:
        total = _times_x(total ^ base32.ALPHABET.index(letter))
    return base32.ALPHABET[total]


def _times_x(value: int) -> int:
    """Modulo x^5 + x^2 + 1, whose powers of x run through all 31 values that are not zero."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled
