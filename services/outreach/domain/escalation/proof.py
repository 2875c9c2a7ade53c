"""Proofs that a rung may be stepped on. Constructors take evidence and raise; there is no other way to have one.

`ToCall`, `ToWrite`, `ToVisit` and `ToHandOver` are different types, so that a function which asks for one cannot be
given another, or none; what is inside is checked when it is made, and again whenever a stored one is read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeVar

from services.outreach.domain.escalation.records import RUNGS, Excuse, History, NotProven, RecordedAttempt
from services.outreach.domain.escalation.rules import EvidenceRule, ProofRules
from services.outreach.domain.gate.canonical import Document, canonical, digest


@dataclass(frozen=True, slots=True)
class Evidence:
    """One rung that was tried, by one rule, shown by records. Raises `NotProven` where they do not show it."""

    rung: str
    rule: EvidenceRule
    attempts: tuple[RecordedAttempt, ...]
    excuse: Excuse | None
    as_of: datetime

    def __post_init__(self) -> None:
        if self.rule.is_excuse:
            self._check_excuse()
        else:
            self._check_attempts()

    @property
    def since(self) -> datetime:
        """The oldest record in it."""
        return self.excuse.at if self.excuse is not None else self.attempts[0].at

    def _check_excuse(self) -> None:
        excuse = self.excuse
        if excuse is None or self.attempts or excuse.rung != self.rung or excuse.at > self.as_of:
            raise NotProven(self.rung, "no decision shows that it could not be tried")

    def _check_attempts(self) -> None:
        rule, attempts = self.rule, self.attempts
        if self.excuse is not None or len(attempts) < rule.attempts_min:
            raise NotProven(self.rung, "too few attempts")
        if len({attempt.attempt_id for attempt in attempts}) < len(attempts):
            raise NotProven(self.rung, "one attempt is named twice")
        for attempt in attempts:
            if attempt.rung != self.rung or attempt.outcome not in rule.outcomes:
                raise NotProven(self.rung, "an attempt shows something else")
        if attempts[-1].at - attempts[0].at < rule.span:
            raise NotProven(self.rung, "the attempts lie too close together")
        if attempts[-1].at > self.as_of - rule.wait:
            raise NotProven(self.rung, "too soon after the last attempt")


@dataclass(frozen=True, slots=True)
class Cleared:
    """Leave to step on `rung`: evidence of every rung below, of one case, fresh, and after the person's last answer."""

    rung: ClassVar[str]

    history: History
    below: tuple[Evidence, ...]
    rules: ProofRules
    as_of: datetime

    def __post_init__(self) -> None:
        wanted = RUNGS[: RUNGS.index(self.rung)]
        if tuple(evidence.rung for evidence in self.below) != wanted:
            missing = next((r for r, e in zip(wanted, self.below, strict=False) if e.rung != r), self.rung)
            raise NotProven(wanted[len(self.below)] if len(self.below) < len(wanted) else missing, "no evidence")
        terms = self.rules.steps[self.rung]
        begins = begins_at(self.history, terms.begins_anew_after)
        for evidence in self.below:
            self._check(evidence, begins)
        if sum(not evidence.rule.is_excuse for evidence in self.below) < terms.tried_min:
            raise NotProven(self.below[0].rung, "too little was really tried")

    def _check(self, evidence: Evidence, begins: datetime | None) -> None:
        if evidence.as_of != self.as_of or evidence.rule not in self.rules.evidence[evidence.rung]:
            raise NotProven(evidence.rung, "judged at another time or by another rule")
        if begins is not None and evidence.since <= begins:
            raise NotProven(evidence.rung, "the person has answered since")
        if self.as_of - evidence.since > self.rules.steps[self.rung].fresh:
            raise NotProven(evidence.rung, "too long ago")
        known = self.history.attempts if evidence.excuse is None else self.history.excuses
        shown: Sequence[RecordedAttempt | Excuse] = evidence.attempts or ([evidence.excuse] if evidence.excuse else [])
        if any(record.case_id != self.history.case_id or record not in known for record in shown):
            raise NotProven(evidence.rung, "not recorded for this case")

    @property
    def rungs(self) -> tuple[str, ...]:
        """The rungs that are proven, in order: a fact for the gate."""
        return tuple(evidence.rung for evidence in self.below)

    @property
    def text(self) -> str:
        """The canonical document (RFC 8785): what was shown, by which rule, as of when."""
        return canonical(
            {
                "as_of": self.as_of.isoformat(),
                "below": [_shown(evidence) for evidence in self.below],
                "case_id": str(self.history.case_id),
                "rules": self.rules.version,
                "rung": self.rung,
            }
        )

    @property
    def hash(self) -> str:
        return digest(self.text)


@dataclass(frozen=True, slots=True)
class ToCall(Cleared):
    """Leave to call."""

    rung: ClassVar[str] = "call"


@dataclass(frozen=True, slots=True)
class ToWrite(Cleared):
    """Leave to send a formal letter."""

    rung: ClassVar[str] = "letter"


@dataclass(frozen=True, slots=True)
class ToVisit(Cleared):
    """Leave to plan a field visit; the gate still decides about each one."""

    rung: ClassVar[str] = "visit"


@dataclass(frozen=True, slots=True)
class ToHandOver(Cleared):
    """Leave to prepare the hand-over to the legal track; counsel still has to sign."""

    rung: ClassVar[str] = "legal"


Step = TypeVar("Step", bound=Cleared)
KINDS: dict[str, type[Cleared]] = {kind.rung: kind for kind in (ToCall, ToWrite, ToVisit, ToHandOver)}


def prove(kind: type[Step], history: History, rules: ProofRules, at: datetime) -> Step:
    """Look for the evidence in what is recorded. Raises `NotProven` with the lowest rung that lacks it."""
    terms = rules.steps[kind.rung]
    begins = begins_at(history, terms.begins_anew_after)
    oldest = at - terms.fresh
    below = []
    for rung in RUNGS[: RUNGS.index(kind.rung)]:
        attempts = sorted(
            (a for a in history.attempts if a.rung == rung and oldest <= a.at and (begins is None or a.at > begins)),
            key=lambda attempt: attempt.at,
        )
        excuses = [
            e for e in history.excuses if e.rung == rung and oldest <= e.at <= at and (begins is None or e.at > begins)
        ]
        found = next((e for rule in rules.evidence[rung] if (e := _by(rung, rule, attempts, excuses, at))), None)
        if found is None:
            raise NotProven(rung, "no evidence")
        below.append(found)
    return kind(history, tuple(below), rules, at)


def read_proof(
    kind: type[Step], text: str, stored_hash: str, history: History, rules: ProofRules, at: datetime
) -> Step:
    """A stored proof, made anew from what is recorded now. Raises `NotProven` where a row was changed by hand, a
    letter came back, or the person has answered since."""
    if digest(text) != stored_hash:
        raise NotProven(kind.rung, "the document is not the one that was hashed")
    document = json.loads(text)
    if document["rung"] != kind.rung or document["case_id"] != str(history.case_id):
        raise NotProven(kind.rung, "the document is about something else")
    attempts = {str(attempt.attempt_id): attempt for attempt in history.attempts}
    excuses = {(str(excuse.decision_id), excuse.rung): excuse for excuse in history.excuses}
    below = []
    for entry in document["below"]:
        rung = entry["rung"]
        rule = next((rule for rule in rules.evidence.get(rung, ()) if rule.id == entry["rule"]), None)
        shown = [attempts.get(attempt_id) for attempt_id, *_ in entry["attempts"]]
        excuse = excuses.get((entry["excuse"], rung)) if entry["excuse"] else None
        if rule is None or None in shown or (entry["excuse"] and excuse is None):
            raise NotProven(rung, "it names what is not recorded")
        below.append(Evidence(rung, rule, tuple(a for a in shown if a is not None), excuse, at))
    return kind(history, tuple(below), rules, at)


def begins_at(history: History, kinds: frozenset[str]) -> datetime | None:
    """The last answer of those kinds: whoever answered has left the ladder, and it begins anew."""
    answers = [history.answered_at] if "message" in kinds and history.answered_at is not None else []
    if "conversation" in kinds:
        answers += [attempt.at for attempt in history.attempts if attempt.outcome == "conversation"]
    return max(answers, default=None)


def _by(
    rung: str, rule: EvidenceRule, attempts: Sequence[RecordedAttempt], excuses: Sequence[Excuse], at: datetime
) -> Evidence | None:
    if rule.is_excuse:
        return Evidence(rung, rule, (), excuses[-1], at) if excuses else None
    fitting = [a for a in attempts if a.outcome in rule.outcomes and a.at <= at - rule.wait]
    if len(fitting) < rule.attempts_min or fitting[-1].at - fitting[0].at < rule.span:
        return None
    shown = fitting[-1:] if rule.attempts_min == 1 else fitting
    return Evidence(rung, rule, tuple(shown), None, at)


def _shown(evidence: Evidence) -> Document:
    return {
        "attempts": [
            [str(attempt.attempt_id), str(attempt.decision_id), attempt.outcome, attempt.at.isoformat()]
            for attempt in evidence.attempts
        ],
        "excuse": str(evidence.excuse.decision_id) if evidence.excuse else None,
        "rule": evidence.rule.id,
        "rung": evidence.rung,
    }
