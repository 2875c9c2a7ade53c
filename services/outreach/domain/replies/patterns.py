"""Patterns with a sense for denial: "I do not dispute it" is no dispute, "my friend's lawyer" is nobody's lawyer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CLAUSE_END = re.compile(r"[.!?;,。!?;,、\n]")
_DENIED_EN = re.compile(
    r"(?:\b(?:not|never|no|without|nor|hardly)|n't|\bcannot)(?: (?:really|even|going to|want to|wanting to|trying to|"
    r"yet|to|a|an|any|the|my|have|had|got|been|need|needing|file|filed|filing|make|making|want|intend to|planning to|"
    r"declare|declared|hired|using|for|talk|speak|with|about|think|i|be))* ?$"
)
_DENIED_ZH = re.compile(
    r"(?:没有?|并?不(?:是|会|想|要|用|需要)?|未(?:曾)?|无(?:任何)?|从未|不曾|别)(?:再|去|对.{0,8}|提|提出|有|什么|任何|打算|申请|进入)?$"
)
_LOOK_BACK = 48


@dataclass(frozen=True, slots=True)
class Words:
    """A group of phrases. `may_be_denied`: the phrase means nothing behind a denial in the same clause."""

    pattern: re.Pattern[str]
    may_be_denied: bool = True
    not_after: re.Pattern[str] | None = None
    """What must not stand just before it: somebody else whose lawyer, death or bankruptcy it is."""

    def found(self, said: str) -> bool:
        return any(True for _ in self._asserted(said))

    def _asserted(self, said: str) -> Iterator[re.Match[str]]:
        for match in self.pattern.finditer(said):
            before = _clause_before(said, match.start())
            if self.may_be_denied and (_DENIED_EN.search(before) or _DENIED_ZH.search(before)):
                continue
            if self.not_after is not None and self.not_after.search(before):
                continue
            yield match


def _clause_before(said: str, start: int) -> str:
    before = said[max(0, start - _LOOK_BACK) : start]
    return _CLAUSE_END.split(before)[-1]


def words(*phrases: str, may_be_denied: bool = True, not_after: str | None = None) -> Words:
    """Simple alternations without nested repetition: their time grows with the text's length alone."""
    return Words(
        re.compile("|".join(f"(?:{phrase})" for phrase in phrases)),
        may_be_denied,
        re.compile(not_after) if not_after is not None else None,
    )
