"""Crockford's base 32: no I, L, O or U, so that what is read aloud or typed from paper comes back as it was."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_VALUES |= {letter.lower(): value for letter, value in _VALUES.items()}
_VALUES |= {"O": 0, "o": 0, "I": 1, "i": 1, "L": 1, "l": 1}
BITS = 5


def encode(raw: bytes) -> str:
    """Bytes as text, the last character padded with zero bits."""
    number = int.from_bytes(raw, "big")
    length = -(-len(raw) * 8 // BITS)
    number <<= length * BITS - len(raw) * 8
    return "".join(ALPHABET[number >> BITS * place & 31] for place in range(length - 1, -1, -1))


def decode(text: str) -> bytes:
    """Raises ValueError for a foreign character and for set padding bits: one value has one spelling."""
    length = len(text) * BITS // 8
    number = 0
    for letter in text:
        if letter not in _VALUES:
            raise ValueError("not a character of the alphabet")
        number = number << BITS | _VALUES[letter]
    spare = len(text) * BITS - length * 8
    if spare >= BITS or number & ((1 << spare) - 1):
        raise ValueError("not a whole number of bytes")
    return (number >> spare).to_bytes(length, "big")


def tidy(text: str) -> str:
    """As it should have been typed: no gaps, capitals, the look-alikes put right."""
    kept = "".join(letter for letter in text if letter not in " -\u2010\u2011\u2013\u2014\t\r\n")
    return "".join(ALPHABET[_VALUES[letter]] if letter in _VALUES else letter for letter in kept)
