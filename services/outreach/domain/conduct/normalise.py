"""One spelling for what people write: widths, traditional characters, look-alikes, gaps, digits for letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

_LINKS = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")
"""Addresses and codes are no speech, and their characters are random."""
_GAPS_IN_WORD = re.compile(r"(?<![a-z0-9])[a-z0-9@$](?:[ .\-_*·•|~]{1,3}[a-z0-9@$]){3,}(?![a-z0-9])")
_GAPS_IN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])[ \t.·•*_\-|~/\\+=^#\"'`「」『』【】\[\]()<>《》]{1,4}(?=[\u3400-\u9fff])")
_MIXED_WORD = re.compile(r"[a-z0-9@$!|]*(?:[a-z][0-9@$!|]|[0-9@$|][a-z])[a-z0-9@$!|]*")
_DIGITS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "l"})
_INVISIBLE = ("Cf", "Mn", "Cc")


@dataclass(frozen=True, slots=True)
class Normal:
    """The normal spelling, and for each of its characters the place in the original that it comes from."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that a stretch of the normal spelling stands for."""
        return self.places[start], self.places[end - 1] + 1


class Normaliser:
    """`twins`: a character that looks like, or is the traditional form of, another one -> that other one."""

    def __init__(self, twins: Mapping[str, str]) -> None:
        self._twins = str.maketrans(dict(twins))

    def normalise(self, text: str) -> Normal:
        """Lower case, half width, simplified; invisible characters gone, gaps inside words closed."""
        letters, places = self._letters(_blank(_LINKS, text))
        normal = "".join(letters)
        keep = [True] * len(normal)
        for pattern in (_GAPS_IN_WORD, _GAPS_IN_CHINESE):
            for match in pattern.finditer(normal):
                for place in range(*match.span()):
                    keep[place] = normal[place].isalnum() or normal[place] in "@$"
        kept = [place for place, is_kept in enumerate(keep) if is_kept]
        closed = "".join(normal[place] for place in kept)
        return Normal(_MIXED_WORD.sub(_as_letters, closed), tuple(places[place] for place in kept))

    def _letters(self, text: str) -> tuple[list[str], list[int]]:
        letters: list[str] = []
        places: list[int] = []
        for place, original in enumerate(text):
            for letter in unicodedata.normalize("NFKC", original).casefold().translate(self._twins):
                if letter in "\t\n\r":
                    letter = "\n" if letter == "\n" else " "
                elif unicodedata.category(letter) in _INVISIBLE:
                    continue
                letters.append(letter)
                places.append(place)
        return letters, places


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)


def _as_letters(match: re.Match[str]) -> str:
    """`arr3st` and `j@il`; not `24h`, `3pm` or `1st`, in which the letters are few."""
    word = match[0]
    tail = len(word) - len(word.rstrip("!|"))
    core = word[: len(word) - tail] if tail else word
    letters = sum(letter.isalpha() for letter in core)
    return core.translate(_DIGITS) + word[len(core) :] if letters >= 2 and letters * 2 > len(core) else word
