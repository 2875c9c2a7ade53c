"""What is masked is shown to one person, for a reason, and the look is journalled before it is had."""

from __future__ import annotations

from uuid import UUID

from services.outreach.application.certify_staff import acting, require_certified
from services.outreach.application.ports import Resources
from services.outreach.application.workbench_records import Unmasking
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Invalid, NotFound

REASONS = ("answer_question", "handle_complaint", "handle_dispute", "check_promise", "check_distress", "quality_check")


async def unmask(resources: Resources, staff_id: str, subject: str, subject_id: UUID, reason: str) -> tuple[UUID, str]:
    """The case, and the text of a reply or of the borrower's words in a call note."""
    if reason not in REASONS:
        raise Invalid("reason_missing", "one of: " + ", ".join(REASONS))
    async with resources.begin() as work:
        require_certified(await acting(work, staff_id))
        sealed = work.views.sealed_reply if subject == "reply" else work.views.sealed_note
        found = await sealed(subject_id)
        case_id, person_id, text = found or (subject_id, subject_id, None)
        if text is None:
            raise NotFound("words_unknown", "there is nothing to show, or it was erased")
        await work.staff.journal(Unmasking(new_id(), staff_id, subject, subject_id, case_id, reason, work.now))
        await work.commit()
    return case_id, resources.sealer.open(person_id, text)
