"""Which of the lawful offers are shown, and in which order: few, none that is worse for both, relief first in need."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from services.negotiation.domain.case_file import HARDSHIP_CAUSES
from services.negotiation.domain.offers.facts import Facts
from services.negotiation.domain.offers.forms import Draft, Worth
from services.negotiation.domain.offers.worth import worth_of
from services.negotiation.domain.terms import Outline

SHOWN_MAX = 6
"""More than a handful of choices helps nobody to choose."""
RELIEF_ORDER = ("pause", "reduced", "interest_freeze")


def choose(facts: Facts, drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """The offers to show, best first: relief where there is hardship, then the plain plan, then what is best for both.

    Payments in another rhythm than the month are shown where the income comes in it; all of them can be asked for.
    """
    wanted = [draft for draft in drafts if _is_shown(facts, draft)]
    valued = [replace(draft, worth=worth_of(facts, draft.outline)) for draft in _without_repetition(wanted)]
    relief = [draft for draft in valued if _is_relief(facts, draft)]
    relief.sort(key=lambda draft: RELIEF_ORDER.index(draft.outline.shape[1]))
    plain = [d for d in valued if d.outline.shape[1] == "level" and d.outline.frequency == "monthly"]
    kept = [*relief, *plain]
    others = [draft for draft in valued if draft not in kept and not _is_dominated(draft, valued)]
    at_once = [d for d in others if d.outline.kind == "lump_sum"]
    shown = [*kept, *_by_joint_gain([d for d in others if d not in at_once])]
    # One payment is always among them: nobody is kept from being free of a debt today.
    return (*shown[: SHOWN_MAX - len(at_once)], *at_once)


def beside(standing: Collection[Outline], drafts: Sequence[Draft]) -> list[Draft]:
    """What is still to be put beside offers that stand: of other shapes, the best first, as many as there is room for.

    One is always put: the best of what is new may be the relief that somebody has just come to need.
    """
    shapes = {outline.shape for outline in standing}
    fresh = [draft for draft in drafts if draft.outline.shape not in shapes]
    return fresh[: max(1, SHOWN_MAX - len(standing))]


def _is_shown(facts: Facts, draft: Draft) -> bool:
    frequency = draft.outline.frequency
    return draft.outline.shape[1] != "level" or frequency == "monthly" or frequency == facts.rhythm


def _is_relief(facts: Facts, draft: Draft) -> bool:
    return facts.arrears_cause in HARDSHIP_CAUSES and draft.outline.shape[1] in RELIEF_ORDER


def _without_repetition(drafts: Sequence[Draft]) -> list[Draft]:
    """Two forms that come to the same payments on the same days are one offer: the first."""
    seen: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        o = draft.outline
        rhythm = "once" if o.count == 1 else o.frequency
        seen.setdefault((o.kind, o.total, o.discount, o.count, o.first_due_on, o.pause_until, rhythm, o.steps), draft)
    return list(seen.values())


def _is_dominated(draft: Draft, all_drafts: Sequence[Draft]) -> bool:
    """Another offer is at least as good for both in everything and better in something. A rhythm is a matter of taste,
    so only offers of one rhythm are compared; one payment is compared with nothing."""
    if draft.outline.kind == "lump_sum" or draft.worth is None:
        return False
    mine = _goodness(draft.worth)
    return any(
        other.worth is not None
        and other.outline.frequency == draft.outline.frequency
        and _goodness(other.worth) != mine
        and all(theirs >= ours for theirs, ours in zip(_goodness(other.worth), mine, strict=True))
        for other in all_drafts
    )


def _goodness(worth: Worth) -> tuple[int, int, int, int]:
    return worth.expected, -worth.cost, -worth.first_quarter, -worth.largest_monthly


def _by_joint_gain(drafts: Sequence[Draft]) -> list[Draft]:
    """By the sum of the places that an offer takes for the lender and for the borrower; then in the given order."""

    def place(draft: Draft, of: int) -> int:
        return sum(_goodness(o.worth)[of] > _goodness(draft.worth)[of] for o in drafts if o.worth and draft.worth)

    return sorted(drafts, key=lambda draft: 2 * place(draft, 0) + place(draft, 1) + place(draft, 2))
