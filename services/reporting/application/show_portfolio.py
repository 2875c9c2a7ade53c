"""Show the portfolio: totals by creditor and currency, the funnel, liquidation by placement batch, tallies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.reporting.application.ports import Batch, MonthFigures, PortfolioRow, Resources
from services.reporting.domain.figures import FUNNEL_STAGES
from services.reporting.domain.scope import Scope

BATCHES_MAX = 200
TALLIED = ("contact", "denial", "reply", "rejection", "plan", "default", "complaint", "dispute", "hold")


@dataclass(frozen=True, slots=True)
class Funnel:
    """Records and cases that ever reached a stage; `defaulted` and `rejected` lie beside the way, not on it."""

    creditor_id: UUID
    stages: Mapping[str, int]
    rejected: int
    defaulted: int


@dataclass(frozen=True, slots=True)
class Counts:
    """`tallies` is measure -> dimension -> facts, e.g. contact -> "email/sent" -> 12."""

    events: Mapping[str, int]
    cases: int
    rejected: int
    tallies: Mapping[str, Mapping[str, int]]
    figures: Mapping[str, int]
    collected_minor_units: Mapping[str, int]
    balance_minor_units: Mapping[str, int]


async def show_portfolio(resources: Resources, scope: Scope) -> list[PortfolioRow]:
    async with resources.read(scope) as views:
        return await views.portfolio()


async def show_funnel(resources: Resources, scope: Scope) -> list[Funnel]:
    """One per creditor, ordered by creditor."""
    async with resources.read(scope) as views:
        portfolio, rejected = await views.portfolio(), await views.rejected_records()
    return funnels(portfolio, rejected)


def funnels(portfolio: Sequence[PortfolioRow], rejected: Mapping[UUID, int]) -> list[Funnel]:
    summed: dict[UUID, Counter[str]] = defaultdict(Counter)
    for row in portfolio:
        summed[row.creditor_id].update(row.figures)
    answer = []
    for creditor_id in sorted(summed.keys() | rejected.keys()):
        figures, refused = summed[creditor_id], rejected.get(creditor_id, 0)
        figures["accepted"], figures["placed"] = figures["cases"], figures["cases"] + refused
        stages = {stage: figures[stage] for stage in FUNNEL_STAGES}
        answer.append(Funnel(creditor_id, stages, refused, figures["defaulted"]))
    return answer


async def show_batches(
    resources: Resources, scope: Scope, *, limit: int = 50, after: UUID | None = None
) -> tuple[list[Batch], UUID | None]:
    """Newest placement first; and the batch to go on after, or None at the end."""
    limit = min(limit, BATCHES_MAX)
    async with resources.read(scope) as views:
        batches = await views.batches(limit + 1, after)
    return batches[:limit], batches[limit - 1].batch_id if len(batches) > limit else None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the console's first page shows of the figures, read in one transaction."""

    portfolio: Sequence[PortfolioRow]
    funnels: Sequence[Funnel]
    batches: Sequence[Batch]
    liquidation: Sequence[MonthFigures]
    tallies: Mapping[str, Mapping[str, int]]


async def show_overview(resources: Resources, scope: Scope, *, batches: int) -> Overview:
    async with resources.read(scope) as views:
        portfolio, rejected = await views.portfolio(), await views.rejected_records()
        return Overview(
            portfolio=portfolio,
            funnels=funnels(portfolio, rejected),
            batches=await views.batches(batches),
            liquidation=await views.months_by_currency(),
            tallies=_by_measure(await views.tallies()),
        )


async def show_counts(resources: Resources, scope: Scope) -> Counts:
    """Everything that was counted, over all creditors that the caller sees."""
    scope.require_staff()
    async with resources.read(scope) as views:
        events, tallies = await views.events_by_topic(), await views.tallies()
        portfolio, rejected = await views.portfolio(), await views.rejected_records()
    figures: Counter[str] = Counter()
    collected: Counter[str] = Counter()
    balance: Counter[str] = Counter()
    for row in portfolio:
        figures.update({k: v for k, v in row.figures.items() if not k.endswith("_minor_units")})
        collected[row.currency] += row.figures["collected_minor_units"]
        balance[row.currency] += row.figures["balance_minor_units"]
    return Counts(
        events=events,
        cases=figures["cases"],
        rejected=sum(rejected.values()),
        tallies=_by_measure(tallies),
        figures=figures,
        collected_minor_units=collected,
        balance_minor_units=balance,
    )


def _by_measure(tallies: Sequence[tuple[UUID, str, str, int]]) -> dict[str, dict[str, int]]:
    answer: dict[str, dict[str, int]] = {measure: {} for measure in TALLIED}
    for _, measure, dimension, events in tallies:
        of_measure = answer.setdefault(measure, {})
        of_measure[dimension] = of_measure.get(dimension, 0) + events
    return {m: dict(sorted(d.items(), key=lambda item: (-item[1], item[0]))) for m, d in answer.items()}
