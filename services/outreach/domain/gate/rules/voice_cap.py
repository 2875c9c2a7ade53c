"""How many voice contacts of one kind there may be: spoken with somebody, or read to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.outreach.domain.gate.facts import PastContact
from services.outreach.domain.gate.history import Moments
from services.outreach.domain.gate.rules.frequency_cap import FrequencyCap
from services.outreach.domain.gate.rules.rule import Fired, View


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCap(FrequencyCap):
    """A cap on calls `about` one kind. A call whose kind is not known is taken for an interactive one.

    `within` `group`: the calls of the creditor and of all who collect for it; a call whose group is not known is
    counted with every group. `person`: the calls of everybody.
    """

    about: Literal["interactive", "informative"]
    within: Literal["person", "group"]

    def check(self, view: View, at: datetime) -> Fired | None:
        asked = "informative" if view.request.is_interactive is False else "interactive"
        return FrequencyCap.check(self, view, at) if asked == self.about else None

    def _counted(self, view: View) -> Moments:
        group = view.facts.creditor_id if self.within == "group" else None

        def counts(contact: PastContact) -> bool:
            is_of_kind = (contact.kind or "interactive") == self.about
            is_of_group = group is None or contact.group in (None, group)
            return is_of_kind and is_of_group and self._counts(contact, view.request)

        whose = f"{group or ''} {view.request.contact_point_id}"
        return view.history.moments(self, whose, counts, self._channels_counted)
