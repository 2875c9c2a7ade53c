"""The guided conversation as a page shows it: the hints in the reader's language, the words in the borrower's."""

from __future__ import annotations

from collections.abc import Sequence

from services.outreach.application.make_hand_calls import Dialled
from services.outreach.application.ports import Resources
from services.outreach.application.workbench_ports import ScriptStep
from services.outreach.application.workbench_records import Acting
from services.outreach.domain.case_file import CaseFile
from services.outreach.entrypoints.desk.rendering import money
from services.outreach.entrypoints.desk.texts import LANGUAGES, Language

_BLANK = {"en": "…", "zh": "……"}
_COLLECTOR = {"en": "[your name]", "zh": "[您的姓名]"}


def script(
    resources: Resources, file: CaseFile, who: Acting, reader: Language, situation: str, dialled: Dialled | None = None
) -> Sequence[ScriptStep]:
    """Before a call its names are blanks: nobody needs them to read ahead."""
    spoken: Language = next((each for each in LANGUAGES if each == file.language), "en")
    blank = _BLANK[spoken]
    access = resources.workbench
    variables = {
        "reader_language": reader,
        "is_bot": who.actor == "bot",
        "jurisdiction": file.jurisdiction,
        "is_us": file.jurisdiction == "US",
        "collector": _COLLECTOR[spoken],
        "name": dialled.name if dialled else blank,
        "creditor": dialled.creditor_name if dialled else blank,
        "agency": access.agency[spoken],
        "complaints": access.complaints_address,
        "total": money(file.balance.total_minor_units, file.currency, spoken),
        "is_plan_kept": file.is_plan_kept,
        "has_offer": file.offer_expires_at is not None and file.offer_expires_at > resources.clock.now(),
    }
    return access.scripts.steps(situation, spoken, variables)
