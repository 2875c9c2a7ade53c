"""Somebody states income and spending: file it, work out the means, and let nothing stand that is above them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.negotiation.application.agree_plan import case_for_borrower
from services.negotiation.application.means_ports import FiledStatement
from services.negotiation.application.ports import Work
from services.negotiation.domain.affordability.guide import Guides
from services.negotiation.domain.affordability.means import surplus
from services.negotiation.domain.affordability.statement import Statement
from services.negotiation.domain.calendar import add_months
from services.negotiation.domain.case_file import CaseFile, KnownMeans
from services.negotiation.domain.offers import is_affordable
from services.negotiation.domain.refusals import CaseClosed, StatementUnusable
from shared.kernel.identifiers import new_id

STATEMENTS_MAX = 60
"""Of one case: a statement a month for five years."""


async def submit_statement(
    work: Work, guides: Guides, case_id: UUID, statement: Statement, made_by: str
) -> FiledStatement:
    """The statement as filed. The newest by its day counts; an older one that comes late is filed beside it.

    `made_by` is `borrower` or a staff member's id. Raises CaseClosed, NoSuchThing, StatementUnusable. Does not commit.
    """
    case = await case_for_borrower(work, case_id)
    if case.closed is not None or case.books.balance == 0:
        raise CaseClosed
    guide = guides.for_statement(statement.form, case.currency)
    today = case.today(work.now)
    _refuse_unusable(case, statement, guide.valid_months, work)
    if await work.statements.count(case_id) >= STATEMENTS_MAX:
        raise StatementUnusable("too_many_statements", "no more statements are taken for this case")
    newest = await work.statements.newest(case_id)
    means = surplus(statement, guide, balance=case.books.balance)
    filed = FiledStatement(new_id(), case_id, case.creditor_id, made_by, work.now, statement, means)
    await work.statements.add(filed)
    if newest is None or newest.statement.stated_on <= statement.stated_on:
        known = KnownMeans(filed.statement_id, means.affordable, means.valid_until, means.rhythm, means.pay_day)
        case = replace(case, means=known)
        await work.cases.save([case])
        on_file = (await work.offers.current([case_id])).get(case_id, [])
        # An offer that was put stands until it ends, but not one that we now know cannot be kept.
        gone = [offer.offer_id for offer in on_file if not is_affordable(offer.outline, case, today)]
        await work.offers.withdraw_offers(gone)
    return filed


def _refuse_unusable(case: CaseFile, statement: Statement, valid_months: int, work: Work) -> None:
    today = case.today(work.now)
    if statement.currency != case.currency:
        raise StatementUnusable("currency_of_another_case", "a statement is in the currency of the debt")
    # Somebody east of us may write tomorrow's date today.
    if statement.stated_on > today + timedelta(days=1):
        raise StatementUnusable("stated_in_the_future", "a statement speaks of today or of a day before")
    if add_months(statement.stated_on, valid_months) <= today:
        raise StatementUnusable("statement_too_old", "a statement as old as this says nothing about today")
