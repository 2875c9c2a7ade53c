"""Legal files with faces: prepared by clerk.may, signed by counsel.roe, for Harbour Credit."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from services.negotiation.domain.legal import steps
from services.negotiation.domain.legal.entries import Entry
from services.negotiation.domain.legal.file import LegalFile
from services.negotiation.domain.legal.grounds import canonical, digest
from services.negotiation.domain.legal.ladder_proof import LadderProof
from services.negotiation.domain.legal.law import law_of
from services.negotiation.domain.legal.leave import FILINGS, CompletedChecklist, EnforcementLeave, LetterLeave
from services.negotiation.domain.legal.limitation import limitation, regime_of
from services.negotiation.domain.legal.signature import CounselSignature, Decision, sign
from services.negotiation.domain.legal.stops import Circumstances, Unhindered

HARBOUR_CREDIT = UUID("01900000-0000-7000-8000-00000000c0de")
CASE = UUID("01900000-0000-7000-8000-0000000000a1")
NAMES = UUID("01900000-0000-7000-8000-0000000000ff")
SIGNED_AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
DUE_ON = date(2025, 1, 16)
KEY = b"the key of the desk in tests"
MAKER, COUNSEL = "clerk.may", "counsel.roe"
OWED = 125_500


def identifier(name: str) -> UUID:
    return uuid5(NAMES, name)


def ladder_document(case_id: UUID = CASE, as_of: datetime = SIGNED_AT, **changes: Any) -> str:
    """As outreach writes it: a reminder, two calls on different days, a letter and no visit."""

    def attempt(name: str, outcome: str, days_before: float) -> list[str]:
        at = (as_of - timedelta(days=days_before)).isoformat()
        return [str(identifier(name)), str(identifier(f"decision of {name}")), outcome, at]

    below = [
        {"rung": "reminder", "rule": "reminder_sent", "attempts": [attempt("mail", "delivered", 60)], "excuse": None},
        {
            "rung": "call",
            "rule": "calls_unanswered",
            "attempts": [attempt("first call", "no_answer", 50), attempt("second call", "no_answer", 48)],
            "excuse": None,
        },
        {"rung": "letter", "rule": "letter_unanswered", "attempts": [attempt("post", "sent", 20)], "excuse": None},
        {"rung": "visit", "rule": "visit_impossible", "attempts": [], "excuse": str(identifier("no visits there"))},
    ]
    document = {"as_of": as_of.isoformat(), "below": below, "case_id": str(case_id), "rules": 1, "rung": "legal"}
    return canonical({**document, **changes})


def ladder_proof(document: str | None = None, **changes: Any) -> LadderProof:
    text = document or ladder_document()
    given: dict[str, Any] = {
        "handover_id": identifier("handover"),
        "case_id": CASE,
        "document": text,
        "hash": digest(text),
        "prepared_by": MAKER,
        "signed_by": "counsel.doe",
        "signed_at": SIGNED_AT,
    }
    return LadderProof(**{**given, **changes})


def changed_rung(rung: str, **changes: Any) -> str:
    document = json.loads(ladder_document())
    below = [{**entry, **changes} if entry["rung"] == rung else entry for entry in document["below"]]
    return canonical({**document, "below": below})


def new_file(jurisdiction: str = "GB", region: str | None = "ENG") -> LegalFile:
    return LegalFile(
        identifier("file"), CASE, HARBOUR_CREDIT, jurisdiction, region, ladder_proof(), SIGNED_AT + timedelta(hours=1)
    )


@dataclass(frozen=True)
class Track:
    """A file on its way, with a clock and what stands around it. Every act gives the track after it."""

    file: LegalFile
    at: datetime
    entries: tuple[Entry, ...] = ()
    circumstances: Circumstances = field(default_factory=lambda: Circumstances(balance=OWED))
    due_on: date | None = DUE_ON

    def wrote(self, written: steps.Written) -> Track:
        return replace(self, file=written[0], entries=(*self.entries, written[1]))

    @property
    def on(self) -> date:
        return self.at.date()

    def wait(self, days: float) -> Track:
        return replace(self, at=self.at + timedelta(days=days))

    def around(self, **changes: Any) -> Track:
        """Circumstances change, and the file reacts."""
        track = replace(self, circumstances=replace(self.circumstances, **changes))
        for written in steps.react(track.file, track.circumstances, track.at):
            track = track.wrote(written)
        return track

    def tick(self, item: str, who: str = MAKER, shown_by: str | None = None) -> Track:
        return self.wrote(self.file.write("checked", who, "looked_at", self.at, {"item": item, "shown_by": shown_by}))

    def add_document(self, kind: str, who: str = MAKER) -> Track:
        body = {
            "document_id": str(identifier(f"{kind}{self.file.position}")),
            "kind": kind,
            "title": kind,
            "media_type": "application/pdf",
            "size": 1_000,
            "sha256": digest(f"{kind}{self.file.position}"),
        }
        return self.wrote(self.file.write("document", who, "added", self.at, body))

    def authorise(self, amount: int = OWED, allowed: Sequence[str] = ("suit", "arbitration", "enforcement")) -> Track:
        body = {
            "creditor_id": str(self.file.creditor_id),
            "steps": list(allowed),
            "amount_max": amount,
            "currency": "GBP",
            "request_hash": digest("request"),
        }
        return self.wrote(self.file.write("authority", "harbour", "signed_request", self.at, body))

    def sign(self, step: str, decision: Decision = "approve", counsel: str = COUNSEL, key: bytes = KEY) -> Track:
        signature = sign(self.file, step, decision, ("read in full",), counsel, self.at, key)
        return self.wrote(steps.record_signature(self.file, signature))

    def _ground(self, step: str) -> dict[str, Any]:
        record = self.file.latest_signature(step)
        signature = CounselSignature(self.file.legal_id, record, KEY) if record is not None else None
        regime = regime_of(self.file.jurisdiction, self.file.region)
        return {
            "file": self.file,
            "signature": signature,
            "unhindered": Unhindered(self.circumstances),
            "limit": limitation(self.due_on, self.file.limitation_events, regime),
            "at": self.at,
            "on": self.on,
        }

    def send_letter(self) -> Track:
        return self.wrote(steps.send_letter(LetterLeave(**self._ground("letter_before_action")), MAKER, "as_signed"))

    def offer_mediation(self) -> Track:
        return self.wrote(steps.offer_mediation(self.file, Unhindered(self.circumstances), MAKER, "first", self.at))

    def mediated(self, result: str) -> Track:
        return self.wrote(steps.record_mediation(self.file, result, MAKER, "reported", self.at))

    def file_claim(self, forum: str = "suit", amount: int = OWED) -> Track:
        law = law_of(self.file.jurisdiction)
        assert law is not None
        checklist = CompletedChecklist(self.file, law)
        ground = self._ground(forum)
        filing = FILINGS[forum](**ground, checklist=checklist, amount=amount, currency="GBP")
        return self.wrote(steps.file_claim(filing, MAKER, "as_signed", "claim-1"))

    def fact(self, step: str) -> Track:
        days = {"pay_by": self.on + timedelta(days=14), "enforceable_until": self.on + timedelta(days=700)}
        given = days if step == "judgment" else {}
        return self.wrote(steps.record_fact(self.file, step, MAKER, "the_court", self.at, given))

    def enforce(self) -> Track:
        return self.wrote(steps.enforce(EnforcementLeave(**self._ground("enforcement")), MAKER, "as_signed"))


def new_track(jurisdiction: str = "GB", region: str | None = "ENG") -> Track:
    beginning = new_file(jurisdiction, region)
    return Track(beginning, beginning.opened_at).wrote(steps.open_file(beginning))


Act = Callable[[Track], Track]


def straight_way(jurisdiction: str = "GB") -> list[Act]:
    """Everything in its order, from the hand-over to enforcement."""
    law = law_of(jurisdiction)
    assert law is not None
    checks: list[Act] = [_ticking(item) for item in law.checks]
    annexes: list[Act] = [_adding(kind) for kind in ("letter_before_action", *law.annexes)]
    return [
        *checks,
        *annexes,
        lambda track: track.sign("letter_before_action"),
        lambda track: track.send_letter(),
        lambda track: track.wait(40),
        lambda track: track.offer_mediation(),
        lambda track: track.mediated("declined"),
        lambda track: track.authorise(),
        lambda track: track.sign("suit"),
        lambda track: track.file_claim(),
        lambda track: track.fact("hearing"),
        lambda track: track.fact("judgment"),
        lambda track: track.wait(20),
        lambda track: track.sign("enforcement"),
        lambda track: track.enforce(),
    ]


def _ticking(item: str) -> Act:
    return lambda track: track.tick(item)


def _adding(kind: str) -> Act:
    return lambda track: track.add_document(kind)


def after(count: int, jurisdiction: str = "GB") -> Track:
    """The track after the first `count` acts of the straight way."""
    track = new_track(jurisdiction, "ENG" if jurisdiction == "GB" else None)
    for act in straight_way(jurisdiction)[:count]:
        track = act(track)
    return track


def before(named: str, jurisdiction: str = "GB") -> Track:
    """The track just before it came to `named`: the state that the straight way would enter next."""
    track = new_track(jurisdiction, "ENG" if jurisdiction == "GB" else None)
    for act in straight_way(jurisdiction):
        following = act(track)
        if following.file.state == named != track.file.state:
            return track
        track = following
    raise LookupError(named)
