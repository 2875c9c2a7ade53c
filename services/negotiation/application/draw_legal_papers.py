"""Papers of a letter before action that we draw up ourselves: the statement of account, the information sheet."""

from __future__ import annotations

from uuid import UUID

from services.negotiation.application.ports import Resources
from services.negotiation.application.work_legal_file import acting, keep_document


async def draw_legal_papers(resources: Resources, legal_id: UUID, sheet_title: str, sheet: str) -> None:
    """Made by `system`, so that whoever asks for them has made no part of the file. The same again adds nothing."""
    async with acting(resources, legal_id) as act:
        entries = await act.work.ledger.entries(act.case.case_id)
        lines = [f"{act.case.currency}, minor units"]
        for entry in entries:
            parts = "  ".join(f"{account} {amount:+d}" for account, amount in sorted(entry.postings.items()))
            lines.append(f"{entry.effective_on.isoformat()}  {entry.kind}  {parts}")
        owed = act.case.books.owed
        lines.append(f"fees {owed.fees}  interest {owed.interest}  principal {owed.principal}  total {owed.total}")
        account = "\n".join(lines).encode()
        await keep_document(act, "system", "statement_of_account", "Statement of account", "text/plain", account)
        await keep_document(act, "system", "information_sheet", sheet_title, "text/plain", sheet.encode())
