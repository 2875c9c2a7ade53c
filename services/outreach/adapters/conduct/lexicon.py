"""Reads the conduct lexicon. A rule out of form stops the start: half a lexicon would let things through."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.outreach.domain.conduct.checker import CATEGORIES, ConductChecker, Rule
from services.outreach.domain.conduct.normalise import Normaliser

FILE = Path(__file__).parent / "lexicon.yaml"
BORROWER, THIRD_PARTY = "borrower", "third_party"
_FRAGMENT = re.compile(r"<([a-z]+)>")


@cache
def conduct_checker(file: Path = FILE) -> ConductChecker:
    """Raises ValueError for a category, an audience or a fragment that is not known, and for a pattern out of form."""
    document = yaml.safe_load(file.read_text("utf-8"))
    words: dict[str, str] = document["words"]
    twins = dict(pair.split(":") for row in document["twins"].values() for pair in row.split())
    return ConductChecker([_rule(entry, words) for entry in document["rules"]], Normaliser(twins))


def _rule(entry: dict[str, Any], words: dict[str, str]) -> Rule:
    audiences = frozenset(entry.get("audiences", (BORROWER, THIRD_PARTY)))
    if entry["category"] not in CATEGORIES or not audiences <= {BORROWER, THIRD_PARTY} or not entry["triggers"]:
        raise ValueError(f"rule {entry['id']} is out of form")
    unless = entry.get("unless")
    return Rule(
        id=entry["id"],
        category=entry["category"],
        language=entry["language"],
        audiences=audiences,
        triggers=tuple(entry["triggers"]),
        pattern=_compiled(entry["pattern"], words),
        unless=None if unless is None else _compiled(unless, words),
        reason_en=entry["reason"]["en"],
        reason_zh=entry["reason"]["zh"],
    )


def _compiled(pattern: str, words: dict[str, str]) -> re.Pattern[str]:
    try:
        return re.compile(_FRAGMENT.sub(lambda found: words[found[1]], pattern))
    except (KeyError, re.error) as error:
        raise ValueError(f"a pattern is out of form: {error}") from error
