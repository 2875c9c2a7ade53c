"""The equal-offer audit: the recorded facts, given to the engine again, must give the recorded offers.

What is recorded is all that the engine was given (`facts`), so that the same offers from it prove that nothing else
decided: not who the borrower is, not who of us looked, not whether they complained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from services.negotiation.domain.offers.engine import offers_from
from services.negotiation.domain.offers.facts import Facts, hash_of, recalled, recorded
from services.negotiation.domain.offers.forms import Draft
from services.negotiation.domain.offers.parameters import PARAMETERS

ENGINE = f"offers@2+{PARAMETERS.card.version}"
"""Named with every set of offers; another rule or figure is another engine."""

Verdict = Literal["same", "facts_changed", "facts_unreadable", "offers_differ", "other_engine"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What is kept of a set of offers: the facts as plain values, and the hashes of both sides."""

    engine: str
    facts: Mapping[str, Any]
    facts_hash: str
    offers_hash: str


def proof_of(facts: Facts, drafts: Sequence[Draft]) -> Proof:
    """The proof that goes on record with the offers that followed from the facts."""
    record = recorded(facts)
    return Proof(ENGINE, record, hash_of(record), hash_of(written(drafts)))


def written(drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    """Offers as plain values: everything of them, in their order."""
    return [
        {
            **asdict(draft.outline),
            "first_due_on": draft.outline.first_due_on.isoformat(),
            "pause_until": draft.outline.pause_until.isoformat() if draft.outline.pause_until else None,
            "reasons": list(draft.reasons),
            "worth": asdict(draft.worth) if draft.worth is not None else None,
        }
        for draft in drafts
    ]


def again(proof: Proof) -> Verdict:
    """Run the engine again on recorded facts. Sets of an older engine are for that engine to check."""
    if hash_of(dict(proof.facts)) != proof.facts_hash:
        return "facts_changed"
    if proof.engine != ENGINE:
        return "other_engine"
    try:
        facts = recalled(proof.facts)
    except (KeyError, TypeError, ValueError):
        return "facts_unreadable"
    return "same" if hash_of(written(offers_from(facts))) == proof.offers_hash else "offers_differ"
