"""The agency's collectors, hired over outreach's API: one who may act, one whose examination ran out, a machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from deploy.sandbox.calls import Caller

HEAD_OFFICE = {"X-Staff-Id": "head.office"}
"""Who certifies: nobody certifies themselves."""

STAFF: Sequence[Mapping[str, Any]] = (
    {"staff_id": "agent.lin", "kind": "human", "languages": ["zh", "en"], "capacity": 12},
    {"staff_id": "agent.old", "kind": "human", "languages": ["en"], "capacity": 12},
    {"staff_id": "bot.sandbox", "kind": "bot", "languages": ["en", "zh"], "capacity": 50},
)
EXAM_EXPIRED = "agent.old"
CERTIFICATES = ("training", "ethics", "yearly_exam")


async def hire_staff(caller: Caller, outreach_url: str, today: date) -> int:
    """Register everybody with their certificates; answers with how many may act. Again: nobody is certified twice."""
    for member in STAFF:
        await caller.staff(f"{outreach_url}/v1/staff-members", dict(member))
        held = await caller.staff(f"{outreach_url}/v1/certificates?staff_id={member['staff_id']}", method="GET")
        known = {each["kind"] for each in held["certificates"]}
        for kind in CERTIFICATES:
            if kind not in known:
                await caller.staff(
                    f"{outreach_url}/v1/certificates",
                    _certificate(member["staff_id"], kind, today),
                    headers=HEAD_OFFICE,
                )
    register = await caller.staff(f"{outreach_url}/v1/staff-members", method="GET")
    return sum(1 for each in register["staff_members"] if not each["lacks"])


def _certificate(staff_id: str, kind: str, today: date) -> dict[str, str]:
    """Issued a hundred days ago for a year; the examination that ran out did so yesterday."""
    issued_on, valid_until = today - timedelta(days=100), today + timedelta(days=265)
    if staff_id == EXAM_EXPIRED and kind == "yearly_exam":
        issued_on, valid_until = today - timedelta(days=366), today - timedelta(days=1)
    return {
        "staff_id": staff_id,
        "kind": kind,
        "issued_on": issued_on.isoformat(),
        "valid_until": valid_until.isoformat(),
    }
