"""What the first page shows: totals, funnel, liquidation, batches, tallies and a page of cases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.reporting.application.ports import Batch, CaseFilter, MonthFigures, PortfolioRow, Resources
from services.reporting.application.show_case import list_cases
from services.reporting.application.show_portfolio import Funnel, Overview, show_overview, show_portfolio
from services.reporting.domain.case_row import CASE_STATUSES, CaseRow
from services.reporting.domain.figures import FUNNEL_STAGES
from services.reporting.domain.scope import Scope
from services.reporting.entrypoints.console.charts import Bar, Plot, bars, plot
from services.reporting.entrypoints.console.rendering import query
from services.reporting.entrypoints.console.texts import text
from services.reporting.entrypoints.wording import Language, word
from shared.kernel.rule_words import rule_word

BATCHES_SHOWN = 12
MONTHS_SHOWN = 6
CASES_SHOWN = 50
TALLIES_SHOWN = 8
GRADES = ("A", "B", "C", "D", "E")


@dataclass(frozen=True, slots=True)
class Filters:
    """As the form has them: text, and what of it is wrong."""

    lender: str = ""
    currency: str = ""
    status: str = ""
    grade: str = ""
    hold: bool = False
    case_id: str = ""
    is_case_id_wrong: bool = False

    @property
    def are_set(self) -> bool:
        return bool(self.currency or self.status or self.grade or self.hold or self.case_id)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch in one currency. `rates` are cumulative, per month since placement; None: not lived yet."""

    batch: Batch
    currency: str
    placed_minor_units: int
    collected_minor_units: int
    rates: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class PortfolioView:
    lenders: Sequence[UUID]
    currencies: Sequence[str]
    filters: Filters
    totals: Mapping[str, Mapping[str, int]]
    funnel: Sequence[Bar]
    funnel_first: int
    rejected: int
    defaulted: int
    liquidation: Plot | None
    batches: Sequence[BatchLine]
    contacts: Sequence[Bar]
    denials: Sequence[Bar]
    replies: Sequence[Bar]
    rejections: Sequence[Bar]
    cases: Sequence[CaseRow]
    next_url: str | None
    first_url: str | None
    statuses: Sequence[str] = CASE_STATUSES
    grades: Sequence[str] = GRADES
    months: Sequence[int] = tuple(range(MONTHS_SHOWN))


async def portfolio_view(
    resources: Resources, staff: Scope, asked: Mapping[str, str], language: Language
) -> PortfolioView:
    everything = await show_portfolio(resources, staff)
    lender = _uuid(asked.get("lender", ""))
    # Staff look at one lender through that lender's own scope: what they see is what the lender would.
    seen = Scope(lender) if lender else staff
    overview = await show_overview(resources, seen, batches=BATCHES_SHOWN)
    filters = _filters(asked)
    after = _uuid(asked.get("after", ""))
    rows, following = await list_cases(resources, seen, _wanted(filters, after))
    if filters.is_case_id_wrong:
        rows, following = [], None
    stages = _stages(overview.funnels)
    tallies = overview.tallies
    return PortfolioView(
        lenders=sorted({row.creditor_id for row in everything}),
        currencies=sorted({row.currency for row in everything}),
        filters=filters,
        totals=_totals(overview.portfolio),
        funnel=bars({text(f"stage.{stage}", language): stages[stage] for stage in FUNNEL_STAGES}),
        funnel_first=stages["placed"],
        rejected=stages["rejected"],
        defaulted=stages["defaulted"],
        liquidation=_curve(overview.liquidation),
        batches=_batch_lines(overview),
        contacts=_tally(tallies["contact"], language),
        denials=denials(tallies["denial"], language),
        replies=_tally(tallies["reply"], language),
        rejections=_tally(tallies["rejection"], language),
        cases=rows,
        next_url=_url(asked, following) if following else None,
        first_url=_url(asked, None) if after else None,
    )


def _filters(asked: Mapping[str, str]) -> Filters:
    case_id = asked.get("case_id", "").strip()[:64]
    return Filters(
        lender=str(_uuid(asked.get("lender", "")) or ""),
        currency=asked.get("currency", "") if asked.get("currency", "").isalpha() else "",
        status=asked.get("status", "") if asked.get("status") in CASE_STATUSES else "",
        grade=asked.get("grade", "") if asked.get("grade") in GRADES else "",
        hold=asked.get("hold") == "1",
        case_id=case_id,
        is_case_id_wrong=bool(case_id) and _uuid(case_id) is None,
    )


def _wanted(filters: Filters, after: UUID | None) -> CaseFilter:
    return CaseFilter(
        currency=filters.currency or None,
        status=filters.status or None,
        risk_grade=filters.grade or None,
        is_on_hold=True if filters.hold else None,
        case_id=_uuid(filters.case_id),
        after=after,
        limit=CASES_SHOWN,
    )


def _url(asked: Mapping[str, str], after: UUID | None) -> str:
    kept = {name: value for name, value in asked.items() if name not in ("after", "lang")}
    return "/" + query({**kept, "after": after}) + "#cases"


def _totals(portfolio: Sequence[PortfolioRow]) -> dict[str, Counter[str]]:
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for row in portfolio:
        totals[row.currency].update(row.figures)
    return dict(sorted(totals.items()))


def _stages(funnels: Sequence[Funnel]) -> Counter[str]:
    stages: Counter[str] = Counter()
    for funnel in funnels:
        stages.update(funnel.stages)
        stages.update(rejected=funnel.rejected, defaulted=funnel.defaulted)
    return stages


def _curve(months: Sequence[MonthFigures]) -> Plot | None:
    by_currency: dict[str, list[MonthFigures]] = defaultdict(list)
    for month in months:
        by_currency[month.currency].append(month)
    curves = {currency: _cumulative(of_currency) for currency, of_currency in by_currency.items()}
    drawable = {currency: [0.0, *rates] for currency, rates in curves.items() if rates}
    return plot(drawable) if drawable else None


def _cumulative(months: Sequence[MonthFigures]) -> list[float]:
    """Share collected by the end of each month since placement, up to the last month with money in it."""
    placed = sum(month.placed_minor_units for month in months)
    collected = {month.month: month.collected_minor_units for month in months}
    rates, so_far = [], 0
    for month in range(max(collected, default=-1) + 1):
        so_far += collected.get(month, 0)
        rates.append(so_far / placed if placed else 0.0)
    return rates


def _batch_lines(overview: Overview) -> list[BatchLine]:
    lines = []
    for batch in overview.batches:
        by_currency: dict[str, list[MonthFigures]] = defaultdict(list)
        for month in batch.months:
            by_currency[month.currency].append(month)
        for currency, months in by_currency.items() or [("—", [])]:
            rates = _cumulative(months)[:MONTHS_SHOWN]
            lines.append(
                BatchLine(
                    batch=batch,
                    currency=currency,
                    placed_minor_units=sum(month.placed_minor_units for month in months),
                    collected_minor_units=sum(month.collected_minor_units for month in months),
                    rates=(*rates, *[None] * (MONTHS_SHOWN - len(rates))),
                )
            )
    return lines


def _tally(dimensions: Mapping[str, int], language: Language) -> list[Bar]:
    """The most frequent ones, in words."""
    shown = list(dimensions.items())[:TALLIES_SHOWN]
    labels = {" · ".join(word(part, language) for part in name.split("/")): events for name, events in shown}
    return bars(labels)


def denials(rules: Mapping[str, int], language: Language) -> list[Bar]:
    """In words, and by the name that the packs give a rule: two rules may say no to the same thing."""
    shown = list(rules.items())[:TALLIES_SHOWN]
    return bars({f"{rule_word(rule, language)} · {rule}": events for rule, events in shown})


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
