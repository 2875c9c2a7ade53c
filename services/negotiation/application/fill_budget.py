"""Filling in a budget step by step: save each step, look at what it would leave, and file it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.negotiation.application.agree_plan import case_for_borrower
from services.negotiation.application.draft_ports import BudgetDraft
from services.negotiation.application.means_ports import FiledStatement
from services.negotiation.application.ports import Work
from services.negotiation.application.submit_statement import submit_statement
from services.negotiation.domain.affordability.forms import SECTIONS, FormName
from services.negotiation.domain.affordability.guide import Guides
from services.negotiation.domain.affordability.means import Means, surplus
from services.negotiation.domain.affordability.statement import Line, Statement
from services.negotiation.domain.case_file import CaseFile

DRAFT_KEPT = timedelta(days=60)
BORROWER = "borrower"


@dataclass(frozen=True, slots=True)
class BudgetView:
    """The draft as it stands (an empty one at first), the form it fills in, and the newest statement on file."""

    case: CaseFile
    form: FormName
    draft: BudgetDraft
    filed: FiledStatement | None


async def show_budget(work: Work, case_id: UUID) -> BudgetView:
    """Raises NoSuchThing."""
    case = await case_for_borrower(work, case_id)
    draft = await work.drafts.find(case_id, work.now - DRAFT_KEPT)
    return BudgetView(case, form_of(case), draft or BudgetDraft(), await work.statements.newest(case_id))


async def save_budget(work: Work, case_id: UUID, draft: BudgetDraft) -> None:
    """Commits."""
    case = await case_for_borrower(work, case_id)
    await work.drafts.save(case_id, case.creditor_id, draft)
    await work.commit()


def look_ahead(view: BudgetView, guides: Guides, work: Work) -> Means:
    """What the draft would leave, without filing it. Raises StatementWrong."""
    guide = guides.for_statement(view.form, view.case.currency)
    return surplus(statement_of(view, {}, work), guide, balance=view.case.books.balance)


async def file_budget(work: Work, guides: Guides, view: BudgetView, reasons: dict[str, str]) -> FiledStatement:
    """The draft becomes a statement, and is forgotten. Does not commit. Raises what `submit_statement` raises."""
    filed = await submit_statement(work, guides, view.case.case_id, statement_of(view, reasons, work), BORROWER)
    await work.drafts.forget([view.case.case_id])
    return filed


def statement_of(view: BudgetView, reasons: dict[str, str], work: Work) -> Statement:
    """`reasons` by category, for spending above the guide."""
    draft = view.draft
    known = [category for section in SECTIONS[view.form].values() for category in section]
    lines = [
        Line(category, draft.lines[category].amount, draft.lines[category].every, reasons.get(category))
        for category in known
        if category in draft.lines and draft.lines[category].amount
    ]
    return Statement(
        form=view.form,
        currency=view.case.currency,
        stated_on=view.case.today(work.now),
        household=draft.household,
        # A household without income says so by a line of nothing.
        lines=tuple(lines) or (Line("other_income", 0),),
        other_debts=(draft.other_debts,) if draft.other_debts else (),
        pay_day=draft.pay_day,
    )


def form_of(case: CaseFile) -> FormName:
    return "cn" if case.jurisdiction == "CN" else "sfs"
