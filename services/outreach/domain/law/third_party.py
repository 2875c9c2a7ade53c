"""Who a person other than the debtor is to the debt, by the banks' guideline of 2026."""

from __future__ import annotations

from collections.abc import Callable

from services.outreach.domain.law.dates import Answer, Given, MissingFact

_LIABLE = frozenset({"guarantor", "joint_debtor", "successor", "guardian", "executor"})


def party_class(given: Given) -> Answer:
    """`relation`; for a spouse `was_for_household` (the debt paid for the common household; None: not established).

    A spouse is related to the debt only where that is established: the reading must be careful, so not known is no.
    """
    relation = given.get("relation")
    if not isinstance(relation, str):
        raise MissingFact("relation")
    is_related = relation in _LIABLE or (relation == "spouse" and given.get("was_for_household") is True)
    if relation == "borrower":
        return {"party_class": "debtor", "may_discuss_debt": True}
    return {"party_class": "related_to_debt" if is_related else "unrelated", "may_discuss_debt": is_related}


QUESTIONS: dict[str, Callable[[Given], Answer]] = {"party_class": party_class}
