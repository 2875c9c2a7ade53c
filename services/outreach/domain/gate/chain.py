"""The chain of a case's decisions: each is bound to the one before, so that none can be changed, removed or slipped in.

`chain_hash = SHA-256(chain_hash of the one before || RFC 8785 text of the record)`, in lower-case hex; before a case's
first decision stands `GENESIS`. The record is everything that is exported about the decision except the facts, which it
names by their hash, and the `chain_hash` itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.outreach.domain.gate.canonical import Document, canonical, digest
from services.outreach.domain.gate.decision import RuleSpoke

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class ChainLink:
    """Where a decision stands among those of its case. Positions begin at 1 and have no gaps."""

    position: int
    chain_hash: str


BEFORE_THE_FIRST = ChainLink(0, GENESIS)


def chained(previous_hash: str, record: Document) -> str:
    """The `chain_hash` of a record that follows `previous_hash`."""
    return digest(previous_hash + canonical(record))


def spoken(rules: Iterable[RuleSpoke]) -> list[Document]:
    """The rules that spoke, or were only noted, as they are kept and exported."""
    return [
        {"clause": rule.clause, "rule": rule.rule, "strength": rule.strength, "verdict": rule.verdict} for rule in rules
    ]
