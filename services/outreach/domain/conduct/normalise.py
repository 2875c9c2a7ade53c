"""One spelling for what people write: widths, traditional characters, look-alikes, gaps, digits for letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_LINKS = re.compile(
    r"https?://\S+|(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b"
)
"""Addresses and codes are no speech, and their characters are random."""
_GAPS_IN_WORD = re.compile(r"(?<![a-z0-9])[a-z0-9@$](?:[ .\-_*·•|~]{1,3}[a-z0-9@$]){3,}(?![a-z0-9])")
_GAPS_IN_CHINESE = re.compile(
    r"(?<=[\u3400-\u9fff])[ \t.·•*_\-|~/\\+=^#\"'`「」『』【】\[\]()<>《》]{1,4}(?=[\u3400-\u9fff])"
)
_MIXED = re.compile(r"[a-z][0-9@$!|]|[0-9@$|][a-z]")
_MIXED_WORD = re.compile(r"[a-z0-9@$!|]*(?:[a-z][0-9@$!|]|[0-9@$|][a-z])[a-z0-9@$!|]*")
_DIGITS = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "l"}
)
_INVISIBLE = ("Cf", "Mn", "Cc")


class Normal:
    """The normal spelling of a text. Where its characters come from is worked out only when somebody asks."""

    __slots__ = ("_gone", "_letters", "_original", "text")

    def __init__(self, original: str, letters: _Letters) -> None:
        self._original, self._letters = _blank(original), letters
        normal = "".join(map(letters.__getitem__, self._original))
        self._gone = {
            place
            for pattern in (_GAPS_IN_WORD, _GAPS_IN_CHINESE)
            for match in pattern.finditer(normal)
            for place in range(*match.span())
            if not (normal[place].isalnum() or normal[place] in "@$")
        }
        if self._gone:
            normal = "".join(letter for place, letter in enumerate(normal) if place not in self._gone)
        self.text = _MIXED_WORD.sub(_as_letters, normal) if _MIXED.search(normal) else normal

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that a stretch of the normal spelling stands for."""
        places = [place for place, original in enumerate(self._original) for _ in self._letters[original]]
        kept = [place for position, place in enumerate(places) if position not in self._gone]
        return kept[start], kept[end - 1] + 1


class Normaliser:
    """`twins`: a character that looks like, or is the traditional form of, another one -> that other one."""

    def __init__(self, twins: Mapping[str, str]) -> None:
        self._letters = _Letters(str.maketrans(dict(twins)))

    def normalise(self, text: str) -> Normal:
        """Lower case, half width, simplified; invisible characters gone, gaps inside words closed."""
        return Normal(text, self._letters)


class _Letters(dict[str, str]):
    """Character -> its normal spelling, worked out once for each of the characters there are (Unicode bounds it)."""

    def __init__(self, twins: dict[int, str]) -> None:
        super().__init__({"\n": "\n", "\r": " ", "\t": " "})
        self._twins = twins

    def __missing__(self, original: str) -> str:
        plain = unicodedata.normalize("NFKD", original).casefold().translate(self._twins)
        self[original] = "".join(letter for letter in plain if unicodedata.category(letter) not in _INVISIBLE)
        return self[original]


def _blank(text: str) -> str:
    return _LINKS.sub(lambda match: " " * len(match[0]), text)


def _as_letters(match: re.Match[str]) -> str:
    """`arr3st` and `j@il`; not `24h`, `3pm` or `1st`, in which the letters are few."""
    word = match[0]
    tail = len(word) - len(word.rstrip("!|"))
    core = word[: len(word) - tail] if tail else word
    letters = sum(letter.isalpha() for letter in core)
    return core.translate(_DIGITS) + word[len(core) :] if letters >= 2 and letters * 2 > len(core) else word
