"""A person's own record of one case, for the pages that show it to them: the proof that anybody can run again."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import UUID

from services.outreach.application.export_chains import export_chains
from services.outreach.application.ports import Resources
from services.outreach.application.proof_ports import Scope
from shared.kernel.refusal import Conflict, NotFound

DECISIONS_MAX = 20_000
"""A case with more is handed out by the staff; a page does not wait for it."""


async def give_own_proof(resources: Resources, case_id: UUID) -> bytes:
    """The case's decisions as a zip file that the verifier reads. Raises NotFound, Conflict."""
    scope = Scope(case_id, None)
    async with resources.begin() as work:
        if not await work.files.load([case_id]):
            raise NotFound("case_unknown", "there is no such case")
        count = await work.chains.count(scope)
    if count > DECISIONS_MAX:
        raise Conflict("record_too_long", "this record is long; ask for it and it is sent")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "decisions.zip"
        with resources.open_archive(target) as archive:
            await export_chains(resources, archive, scope, _silent)
        return target.read_bytes()


def _silent(line: str) -> None:
    """Nobody waits at a terminal."""
