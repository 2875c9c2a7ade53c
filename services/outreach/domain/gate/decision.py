"""`decide()`: all packs that apply, the strictest answer, every rule that spoke, and when to ask again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from services.outreach.domain.gate.document import hashed
from services.outreach.domain.gate.facts import Facts, Request
from services.outreach.domain.gate.history import History
from services.outreach.domain.gate.local_time import DAY, local_day, zone
from services.outreach.domain.gate.packs import NamedRule, Packs, Situation
from services.outreach.domain.gate.rules import MISSING, View

STEPS_MAX = 24
"""How many openings are tried for `until`. Windows that never meet (zones half a day apart) end without one."""


@dataclass(frozen=True, slots=True)
class RuleSpoke:
    """One rule that fired: its full name, its source, when it alone would be silent, and what it speaks of."""

    rule: str
    clause: str
    strength: str
    verdict: str
    until: datetime | None
    is_about_contact_point: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the rules say, and which packs they came from."""

    verdict: Literal["allow", "deny", "review"]
    until: datetime | None
    rules: tuple[RuleSpoke, ...]
    packs: tuple[str, ...]
    pack_hash: str
    notes: tuple[RuleSpoke, ...] = ()
    """Rules that fired and change nothing: advice, drafts, and what no good source confirms."""

    @property
    def is_allowed(self) -> bool:
        return self.verdict == "allow"

    @property
    def rules_out_point(self) -> bool:
        """Waiting alone will not open this contact point; another one may be open."""
        return any(rule.is_about_contact_point and rule.until is None for rule in self.rules)

    @property
    def rules_out_case(self) -> bool:
        """Waiting alone will not help, by whatever contact point: something about the case must change first."""
        return any(not rule.is_about_contact_point and rule.until is None for rule in self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Answer):
    """The answer, and what it takes to prove it: `facts_text` and the packs give the same decision at any time."""

    facts_text: str
    facts_hash: str
    loaded: Packs = field(repr=False, compare=False)
    """Everything that was loaded: its documents are kept with the decision."""


def decide(request: Request, facts: Facts, packs: Packs, now: datetime) -> Decision:
    """Decide one request. Pure: the same arguments give the same decision, byte for byte.

    Fails closed: an unknown jurisdiction, zone or consent denies as a missing fact. `until` is the first moment at
    which the same request with the same facts would be allowed; None where waiting alone does not help.
    """
    now = now.astimezone(UTC)
    history = facts.contacts if isinstance(facts.contacts, History) else History(facts.contacts)
    said = answer(request, facts, history, packs, now)
    text, facts_hash = hashed(request, facts, history.beginning, now)
    return Decision(
        verdict=said.verdict,
        until=said.until,
        rules=said.rules,
        packs=said.packs,
        pack_hash=said.pack_hash,
        notes=said.notes,
        facts_text=text,
        facts_hash=facts_hash,
        loaded=packs,
    )


def answer(request: Request, facts: Facts, history: History, packs: Packs, now: datetime) -> Answer:
    """What `decide` says, without the proof of what it saw. `now` is UTC; `history` stands for `facts.contacts`."""
    view = View(request, facts, _zones(facts), history, request.ends_at - now if request.ends_at else NO_LENGTH)
    situation = _situation(view, packs, now)
    selection = packs.select(situation)
    spoke, notes = _speak(view, _rules(packs, situation, request), now)
    if not selection.has_local_rules:
        spoke.append(RuleSpoke(f"{MISSING}.rule_pack", "own rule: no pack, no contact", "law", "deny", None, False))
    verdict: Literal["allow", "deny", "review"] = "allow"
    if spoke:
        verdict = "deny" if any(rule.verdict == "deny" for rule in spoke) else "review"
    return Answer(
        verdict=verdict,
        until=_first_opening(view, packs, spoke) if spoke else None,
        rules=tuple(spoke),
        packs=selection.labels,
        pack_hash=selection.hash,
        notes=tuple(notes),
    )


NO_LENGTH = 0 * DAY


def _zones(facts: Facts) -> tuple[ZoneInfo, ...]:
    """One unknown zone makes the place unknown: the rules that need it must not judge by the others."""
    zones = [zone(name) for name in facts.time_zones]
    known = tuple(z for z in zones if z is not None)
    return known if len(known) == len(zones) else ()


def _situation(view: View, packs: Packs, at: datetime) -> Situation:
    """A rule is in force from its first to its last day where the person is; without a zone, wherever that may be."""
    days = [local_day(at, z) for z in view.zones] or [(at - DAY / 2).date(), (at + DAY / 2).date()]
    return packs.situation(view.facts, min(days), max(days))


def _rules(packs: Packs, situation: Situation, request: Request) -> tuple[NamedRule, ...]:
    return packs.rules_for(situation, request.channel, request.party, request.purpose, request.rung, request.actor)


def _speak(view: View, rules: tuple[NamedRule, ...], at: datetime) -> tuple[list[RuleSpoke], list[RuleSpoke]]:
    """The rules that fired and count, and those that are only noted."""
    spoke: list[RuleSpoke] = []
    notes: list[RuleSpoke] = []
    for named in rules:
        rule = named.rule
        fired = rule.check(view, at)
        if fired is not None and not (rule.yields_to and rule.yields(view, at)):
            name = f"{MISSING}.{fired.missing}" if fired.missing else named.name
            about_point = rule.is_about_contact_point
            entry = RuleSpoke(name, rule.clause, rule.strength, rule.verdict, fired.until, about_point)
            (notes if rule.verdict == "note" else spoke).append(entry)
    return spoke, notes


def _first_opening(view: View, packs: Packs, spoke: list[RuleSpoke]) -> datetime | None:
    """Go from opening to opening until every rule is silent: a cap may roll off while the window is shut."""
    for _ in range(STEPS_MAX):
        later = [rule.until for rule in spoke if rule.until is not None]
        if len(later) < len(spoke):
            return None
        at = max(later)
        spoke, _notes = _speak(view, _rules(packs, _situation(view, packs, at), view.request), at)
        if not spoke:
            return at
    return None
