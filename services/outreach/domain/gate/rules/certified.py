"""Who may speak with a person: somebody trained, and a machine only if it says that it is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.local_time import local_day
from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified(Rule):
    """A human or a bot acts only with a certificate that is valid on the day, where the person is."""

    def check(self, view: View, at: datetime) -> Fired | None:
        if view.request.actor == "system":
            return None
        last = view.facts.certificate_until
        if last is None:
            return Fired(None, "certificate")
        if not view.zones:
            return Fired(None, "time_zone")
        return Fired(None) if any(local_day(at, z) > last for z in view.zones) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BotDiscloses(Rule):
    """A bot says at the beginning that it is one."""

    def check(self, view: View, at: datetime) -> Fired | None:
        if view.request.actor != "bot":
            return None
        if view.facts.bot_discloses is None:
            return Fired(None, "bot_discloses")
        return None if view.facts.bot_discloses else Fired(None)
