"""The timer of the harm budgets: count what is new, judge every strategy, tell people when one slows or stops."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import structlog
from prometheus_client import Counter as Metric
from prometheus_client import Gauge

from services.outreach.application.harm_ports import HarmAccess
from services.outreach.application.harm_records import BudgetChange, Budgets
from services.outreach.application.ports import Resources, Work
from services.outreach.domain.harm_budget import Budget, Standing, judge, window_begins_on
from shared.kernel.identifiers import new_id
from shared.tracing import names

SIGNALS_MAX = 2_000
JUDGED_MAX = 500
TOLD_MAX = 20

LEVEL = Gauge(names.OUTREACH_HARM_LEVEL, "0 ok, 1 slowed, 2 stopped: the budget's own state", ["strategy"])
CHANGES = Metric(names.OUTREACH_HARM_CHANGES, "Times that a strategy's harm budget changed its state", ["after"])
_LEVELS = {"ok": 0, "slowed": 1, "stopped": 2}

log = structlog.get_logger("concord.outreach.harm")


async def weigh_harm(resources: Resources) -> int:
    """Count one batch and judge; answers with how many signals were new and how many states changed."""
    harm = resources.harm
    async with resources.begin() as work:
        counted = await work.harm.count(SIGNALS_MAX, harm.response_days)
        changes = await _judge(work, harm.budgets)
        if counted or changes:
            await work.commit()
    for change in changes:
        CHANGES.labels(change.after.state).inc()
        log.warning("harm_budget.changed", strategy=change.strategy, before=change.before, after=change.after.state)
    return counted + len(changes)


async def learn_from_contacts(resources: Resources) -> int:
    """Judge one batch of the chooser's trials."""
    async with resources.begin() as work:
        judged = await work.choices.judge(JUDGED_MAX, resources.harm.response_days)
        if judged:
            await work.commit()
    return judged


async def tell_of_harm(resources: Resources) -> int:
    """Write to whoever the settings name. Not taken: tried again with the next sweep, so rather twice than never."""
    async with resources.begin() as work:
        changes = await work.harm.untold(TOLD_MAX)
        await work.commit()
    if not changes:
        return 0
    told = [change.change_id for change in changes if await _tell(resources.harm, change)]
    async with resources.begin() as work:
        await work.harm.mark_told(told, work.now)
        await work.commit()
    return len(told)


async def _tell(harm: HarmAccess, change: BudgetChange) -> bool:
    subject = f"Harm budget of {change.strategy}: {change.before} -> {change.after.state}"
    counted = ", ".join(f"{kind} {n}" for kind, n in sorted(change.counted.items()))
    text = (
        f"{change.changed_at.isoformat()}\n"
        f"Strategy {change.strategy} is now {change.after.state} (was {change.before}).\n"
        f"策略 {change.strategy} 的伤害预算状态由 {change.before} 变为 {change.after.state}。\n"
        f"Counted / 计数: {counted}\n"
    )
    return await harm.alarm.tell(subject, text)


async def _judge(work: Work, budgets: Budgets) -> list[BudgetChange]:
    standings = await work.harm.lock()
    if not standings:
        return []
    today = work.now.date()
    counted = await work.harm.counted(today - timedelta(days=_longest(budgets)))
    changes = []
    for strategy, standing in standings.items():
        budget = budgets.of(strategy)
        in_window = within(counted, strategy, budget, standing, today)
        after = judge(budget, standing, in_window, today)
        LEVEL.labels(strategy).set(_LEVELS[after.state])
        if after != standing:
            change = BudgetChange(new_id(), strategy, standing.state, after, in_window, work.now)
            await work.harm.change(change)
            changes.append(change)
    return changes


def within(
    counted: dict[tuple[str, date], dict[str, int]], strategy: str, budget: Budget, standing: Standing, today: date
) -> dict[str, int]:
    """The strategy's counts of the days that its budget looks at."""
    first = window_begins_on(budget, standing, today)
    total: Counter[str] = Counter()
    for (of, on_day), kinds in counted.items():
        if of == strategy and on_day >= first:
            total.update(kinds)
    return dict(total)


def _longest(budgets: Budgets) -> int:
    return max(budget.window_days for budget in budgets.by_strategy.values())
