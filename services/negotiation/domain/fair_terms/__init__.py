"""Whether terms are fair: figures against contract, law and means, and clauses against a closed catalogue.

faults(proposed(terms, case, expires_on=day), fair_facts(case, mandate, limit, today))     # empty: fair
"""

from __future__ import annotations

from services.negotiation.domain.fair_terms.clauses import CLAUSES, Clause
from services.negotiation.domain.fair_terms.facts import (
    AddedFee,
    FairFacts,
    ProposedTerms,
    fair_facts,
    proposed,
)
from services.negotiation.domain.fair_terms.faults import Fault, UnfairTerms, UnfairToAgree, faults, forbidden

__all__ = [
    "CLAUSES",
    "AddedFee",
    "Clause",
    "FairFacts",
    "Fault",
    "ProposedTerms",
    "UnfairTerms",
    "UnfairToAgree",
    "fair_facts",
    "faults",
    "forbidden",
    "proposed",
]
