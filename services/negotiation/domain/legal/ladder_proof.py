"""The hand-over's proof, checked again on our side: its hash, its completeness, and that each rung shows what it says.

The document is outreach's canonical one. Nothing in it is taken on trust that can be looked at here: every rung below
`legal` in order, known rules only, attempts of the right outcome, far enough apart, not too fresh and not too old.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.negotiation.domain.legal.grounds import NotLawful, canonical, digest

RUNGS = ("reminder", "call", "letter", "visit")
TRIED_MIN = 2
FRESH = timedelta(days=365)
DOCUMENT_LENGTH_MAX = 200_000
ATTEMPTS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class ShownBy:
    """How a rung may be shown. `is_excuse`: a recorded decision that it could not be tried."""

    outcomes: frozenset[str] = frozenset()
    attempts_min: int = 1
    span: timedelta = timedelta()
    wait: timedelta = timedelta()
    is_excuse: bool = False


_TWO_DAYS = timedelta(hours=16)
_EXCUSE = ShownBy(is_excuse=True)
RULES: Mapping[int, Mapping[str, Mapping[str, ShownBy]]] = {
    1: {
        "reminder": {
            "reminder_sent": ShownBy(frozenset({"sent", "delivered"})),
            "reminder_undeliverable": ShownBy(frozenset({"failed"}), 2, _TWO_DAYS),
            "reminder_impossible": _EXCUSE,
        },
        "call": {
            "calls_unanswered": ShownBy(frozenset({"no_answer", "not_connected", "failed"}), 2, _TWO_DAYS),
            "conversation_without_result": ShownBy(frozenset({"conversation"})),
            "call_impossible": _EXCUSE,
        },
        "letter": {"letter_unanswered": ShownBy(frozenset({"sent", "delivered"}), wait=timedelta(days=14))},
        "visit": {
            "visit_made": ShownBy(frozenset({"no_answer", "conversation", "not_connected"}), wait=timedelta(days=7)),
            "visit_impossible": _EXCUSE,
        },
    }
}
"""By version of the table of evidence. One that is not here is not accepted: somebody has to look at it first."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung as the document shows it: attempts of (attempt, decision, outcome, at), or an excusing decision."""

    rung: str
    rule: str
    attempts: tuple[tuple[UUID, UUID, str, datetime], ...]
    excuse: UUID | None

    @property
    def decisions(self) -> tuple[UUID, ...]:
        return (self.excuse,) if self.excuse is not None else tuple(attempt[1] for attempt in self.attempts)


@dataclass(frozen=True, slots=True)
class LadderProof:
    """A verified hand-over. Cannot be made of a document that is changed, incomplete, or about another case.

    `signed_by` is the counsel who signed the hand-over in outreach; the file here needs a signature of its own.
    """

    handover_id: UUID
    case_id: UUID
    document: str
    hash: str
    prepared_by: str
    signed_by: str
    signed_at: datetime
    rungs: tuple[Rung, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.document) > DOCUMENT_LENGTH_MAX or digest(self.document) != self.hash:
            raise NotLawful("ladder_hash", "the document is not the one that was hashed")
        if not self.prepared_by or not self.signed_by or self.prepared_by == self.signed_by:
            raise NotLawful("ladder_signature", "one has prepared it and another has signed it")
        try:
            rungs = self._read()
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotLawful("ladder_unreadable", "the document does not have its form") from None
        object.__setattr__(self, "rungs", rungs)

    @property
    def decisions(self) -> tuple[UUID, ...]:
        """Ids of the recorded decisions it rests on, softest rung first."""
        return tuple(decision for rung in self.rungs for decision in rung.decisions)

    def _read(self) -> tuple[Rung, ...]:
        document = json.loads(self.document)
        if canonical(document) != self.document:
            raise NotLawful("ladder_unreadable", "the document is not canonical")
        if document["case_id"] != str(self.case_id) or document["rung"] != "legal":
            raise NotLawful("ladder_other", "the document is about another case or another step")
        rules = RULES.get(document["rules"])
        if rules is None:
            raise NotLawful("ladder_rules", "the document was made by rules that are not known here")
        as_of = _moment(document["as_of"])
        if as_of != self.signed_at:
            raise NotLawful("ladder_signature", "signed at another time than proven")
        below: Sequence[Mapping[str, Any]] = document["below"]
        if tuple(entry["rung"] for entry in below) != RUNGS:
            raise NotLawful("ladder_incomplete", "not every softer step is shown, in order")
        rungs = tuple(_rung(entry, rules, as_of) for entry in below)
        if sum(rung.excuse is None for rung in rungs) < TRIED_MIN:
            raise NotLawful("ladder_incomplete", "too little was really tried")
        named = [attempt[0] for rung in rungs for attempt in rung.attempts]
        if len(set(named)) < len(named):
            raise NotLawful("ladder_incomplete", "one attempt is named twice")
        return rungs


def _rung(entry: Mapping[str, Any], rules: Mapping[str, Mapping[str, ShownBy]], as_of: datetime) -> Rung:
    rule = rules[entry["rung"]].get(entry["rule"])
    if rule is None or len(entry["attempts"]) > ATTEMPTS_MAX:
        raise NotLawful("ladder_rules", "a rung is shown by a rule that is not known here")
    attempts = tuple((UUID(a), UUID(d), str(outcome), _moment(at)) for a, d, outcome, at in entry["attempts"])
    excuse = UUID(entry["excuse"]) if entry["excuse"] is not None else None
    if rule.is_excuse != (excuse is not None) or rule.is_excuse == bool(attempts):
        raise NotLawful("ladder_incomplete", "a rung has no evidence, or evidence of another kind")
    if attempts:
        _check(attempts, rule, as_of)
    return Rung(entry["rung"], entry["rule"], attempts, excuse)


def _check(attempts: tuple[tuple[UUID, UUID, str, datetime], ...], rule: ShownBy, as_of: datetime) -> None:
    times = [attempt[3] for attempt in attempts]
    is_shown = (
        len(attempts) >= rule.attempts_min
        and times == sorted(times)
        and all(attempt[2] in rule.outcomes for attempt in attempts)
        and times[-1] - times[0] >= rule.span
        and times[-1] <= as_of - rule.wait
        and as_of - times[0] <= FRESH
    )
    if not is_shown:
        raise NotLawful("ladder_incomplete", "an attempt does not show what it is said to show")


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a moment without a zone")
    return at
