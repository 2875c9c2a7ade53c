"""What staff see of harm budgets and the chooser, and how two of them let a strategy stand otherwise for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.outreach.application.harm_records import ArmReport, BudgetLine, KeptChoice, Override
from services.outreach.application.ports import Resources
from services.outreach.application.weigh_harm import within
from services.outreach.domain.choosing import choose_again, is_proven_better
from services.outreach.domain.harm_budget import Standing, State, rates
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound

OVERRIDE_DAYS_MAX = 14
"""An override ends by itself, soon enough that somebody has to give reasons again."""


async def show_budgets(resources: Resources) -> list[BudgetLine]:
    """Every strategy that has a budget of its own or that anything was counted of."""
    budgets = resources.harm.budgets
    async with resources.begin() as work:
        standings = await work.harm.standings()
        overrides = await work.harm.overrides()
        today = work.now.date()
        longest = max(budget.window_days for budget in budgets.by_strategy.values())
        counted = await work.harm.counted(today - timedelta(days=longest))
    lines = []
    for strategy in sorted({*standings, *budgets.by_strategy}):
        budget = replace(budgets.of(strategy), strategy=strategy)
        standing = standings.get(strategy, Standing("ok", today))
        measured = rates(budget, within(counted, strategy, budget, standing, today))
        lines.append(BudgetLine(budget, standing, measured, overrides.get(strategy)))
    return lines


async def propose_override(
    resources: Resources, who: str, strategy: str, state: State, reason: str, until: datetime
) -> Override:
    """Nothing changes before somebody else agrees."""
    async with resources.begin() as work:
        known = {*resources.harm.budgets.by_strategy, *await work.harm.standings()}
        if strategy not in known:
            raise NotFound("strategy_unknown", "there is no such strategy")
        if not work.now < until <= work.now + timedelta(days=OVERRIDE_DAYS_MAX):
            raise Invalid("override_too_long", f"an override ends within {OVERRIDE_DAYS_MAX} days")
        override = Override(new_id(), strategy, state, reason, until, who, work.now)
        await work.harm.propose(override)
        await work.commit()
    return override


async def approve_override(resources: Resources, who: str, override_id: UUID) -> Override:
    """By somebody else than the proposer; twice is the same as once. The next decision sees it."""
    async with resources.begin() as work:
        override = await work.harm.override(override_id, lock=True)
        if override is None:
            raise NotFound("override_unknown", "there is no such override")
        if override.proposed_by == who:
            raise NotAllowed("same_person", "somebody else than the proposer has to agree")
        if override.approved_at is not None:
            return override
        if override.until <= work.now:
            raise Conflict("override_over", "its time is over; propose it again")
        override = replace(override, approved_by=who, approved_at=work.now)
        await work.harm.approve(override)
        await work.commit()
    return override


@dataclass(frozen=True, slots=True)
class ArmLine:
    """An arm with its tally, and whether it is proven better than every other arm of its segment."""

    entry: ArmReport
    is_winner: bool


async def report_choices(resources: Resources, segment: str | None, limit: int) -> list[ArmLine]:
    """By segment. No arm is a winner whose interval touches another's."""
    async with resources.begin() as work:
        found = await work.choices.report(segment, limit)
    return [ArmLine(entry, _is_winner(entry, found)) for entry in found]


def _is_winner(entry: ArmReport, found: Sequence[ArmReport]) -> bool:
    others = [other for other in found if other.segment == entry.segment and other.arm != entry.arm]
    return bool(others) and all(is_proven_better(entry.tally, other.tally) for other in others)


async def show_choices(resources: Resources, attempt_id: UUID) -> list[tuple[KeptChoice, bool]]:
    """The choices made for one attempt; each made again: True where that gives the same."""
    async with resources.begin() as work:
        kept = await work.choices.of_attempt(attempt_id)
    if not kept:
        raise NotFound("choice_unknown", "nothing was chosen for such an attempt")
    return [(entry, choose_again(entry.choice) == entry.choice) for entry in kept]
