"""The borrower's side of relief: ask, bring papers, withdraw, say how things are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from services.negotiation.application.agree_plan import case_for_borrower
from services.negotiation.application.announce_relief import ended, requested, step
from services.negotiation.application.ports import Work
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.refusals import CaseClosed, NoSuchThing
from services.negotiation.domain.relief import request as rules
from services.negotiation.domain.relief.causes import Cause, Form
from services.negotiation.domain.relief.limits import refuse_another
from services.negotiation.domain.relief.request import Evidence, Relief
from shared.kernel.identifiers import new_id

BORROWER = "borrower"
Circumstances = Literal["as_before", "better", "worse"]


@dataclass(frozen=True, slots=True)
class ReliefWish:
    """What the borrower asks for. `monthly`: what they can pay meanwhile, for reduced payments."""

    cause: Cause
    form: Form
    months: int
    monthly: int | None
    file_ids: tuple[UUID, ...]


async def request_relief(work: Work, case_id: UUID, wish: ReliefWish) -> Relief:
    """Ask for relief; from now on contact about payment is suspended. The caller commits.

    Raises CaseClosed, NoSuchThing (case or file), ReliefOpen, TooManyRequests, NothingNew.
    """
    case = await case_for_borrower(work, case_id)
    if case.closed is not None or case.books.balance == 0:
        raise CaseClosed
    papers = await _papers(work, case_id, wish.file_ids)
    earlier = await work.reliefs.of_case(case_id)
    refuse_another(earlier, frozenset(paper.digest for paper in papers), work.now)
    relief = rules.request(
        Relief(
            relief_id=new_id(),
            case_id=case_id,
            creditor_id=case.creditor_id,
            cause=wish.cause,
            form=wish.form,
            months_asked=wish.months,
            monthly=min(wish.monthly, case.books.balance) if wish.monthly is not None else None,
            state="requested",
            requested_at=work.now,
            decide_by=work.now,
            due_at=None,
            evidence=papers,
        ),
        work.now,
    )
    await work.reliefs.add(relief)
    await work.reliefs.record([step(relief, "requested", BORROWER, work.now)])
    work.announce(requested(relief))
    return relief


async def bring_evidence(work: Work, case_id: UUID, relief_id: UUID, file_ids: Sequence[UUID]) -> Relief:
    """More papers for a request that is not decided yet. The caller commits."""
    _, relief = await own_relief(work, case_id, relief_id)
    after = rules.add_evidence(relief, await _papers(work, case_id, file_ids), work.now)
    return await _save(work, relief, after, "evidence_added")


async def withdraw_relief(work: Work, case_id: UUID, relief_id: UUID) -> Relief:
    """Not wanted any more; twice is the same as once. The caller commits."""
    _, relief = await own_relief(work, case_id, relief_id)
    if relief.state == "withdrawn" or relief.ending == "cancelled":
        return relief
    after = rules.withdraw(relief, work.now)
    work.announce(ended(after, work.now))
    return await _save(work, relief, after, "withdrawn" if after.state == "withdrawn" else "cancelled")


async def answer_review(work: Work, case_id: UUID, relief_id: UUID, answer: Circumstances) -> Relief:
    """How things are now, before the relief ends. The caller commits."""
    _, relief = await own_relief(work, case_id, relief_id)
    return await _save(work, relief, rules.state_circumstances(relief, answer), f"circumstances_{answer}")


async def own_relief(work: Work, case_id: UUID, relief_id: UUID) -> tuple[CaseFile, Relief]:
    """The case, locked, and its request as it stands now. Raises NoSuchThing."""
    case = await case_for_borrower(work, case_id)
    found = next((r for r in await work.reliefs.of_case(case_id) if r.relief_id == relief_id), None)
    if found is None:
        raise NoSuchThing("relief")
    return case, found


async def _papers(work: Work, case_id: UUID, file_ids: Sequence[UUID]) -> tuple[Evidence, ...]:
    files = {file.file_id: file for file in await work.evidence.of_case(case_id)}
    if any(file_id not in files for file_id in file_ids):
        raise NoSuchThing("file")
    return tuple(Evidence(i, files[i].kind, files[i].digest) for i in dict.fromkeys(file_ids))


async def _save(work: Work, before: Relief, after: Relief, what: str) -> Relief:
    if after != before:
        await work.reliefs.save([after])
        await work.reliefs.record([step(after, what, BORROWER, work.now)])
    return after
