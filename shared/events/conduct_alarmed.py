"""Critical conduct of somebody who acts for the agency has been reported."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from shared.events.body import EventBody, Moment, Producer


class ConductAlarmed(EventBody):
    """Detention, violence, threats and the like: contact with the person is frozen until two people release it."""

    event_type: ClassVar[Literal["conduct.alarmed"]] = "conduct.alarmed"
    producer: ClassVar[Producer] = "outreach"

    case_id: UUID
    creditor_id: UUID
    alarm_id: UUID
    category: Literal["detention", "violence", "threats", "harassment", "third_party_disclosure", "impersonation"]
    reported_by: Literal["reply", "call_note", "staff", "portal"]
    raised_at: Moment
