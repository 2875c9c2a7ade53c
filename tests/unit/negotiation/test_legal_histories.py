"""Random histories of legal files: whatever is tried in whatever order, nothing is filed without its grounds.

The judge below knows nothing of the types that are tested: it reads the entries alone. 30,000 histories by themselves,
more with LEGAL_HISTORIES.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.negotiation.domain.legal import file as file_module
from services.negotiation.domain.legal import leave as leave_module
from services.negotiation.domain.legal import stops
from services.negotiation.domain.legal.entries import KINDS, Entry
from services.negotiation.domain.legal.grounds import NotLawful
from services.negotiation.domain.legal.law import CHECKS
from tests.unit.negotiation.legal_builders import COUNSEL, KEY, MAKER, OWED, Act, Track, new_track, straight_way

HISTORIES = int(os.environ.get("LEGAL_HISTORIES", "30000"))
ACTS_AFTER = 4
NOTHING_FILED = {"pre_action", "letter_before_action", "mediation"}
NEARLY_BARRED = date(2020, 3, 20)
"""Six years on it is over: while the borrower may still answer the letter."""
PRESSING = {"letter_before_action", "suit", "arbitration", "enforcement"}


def _acts() -> list[Act]:
    """What may be tried at any moment, sensible or not."""
    tries: list[Act] = [
        lambda t: t.file_claim("suit"),
        lambda t: t.file_claim("suit"),
        lambda t: t.file_claim("suit", OWED + 1),
        lambda t: t.file_claim("arbitration"),
        lambda t: t.send_letter(),
        lambda t: t.enforce(),
        lambda t: t.offer_mediation(),
        lambda t: t.mediated("failed"),
        lambda t: t.fact("hearing"),
        lambda t: t.fact("judgment"),
        lambda t: t.wait(1),
        lambda t: t.wait(31),
        lambda t: t.wait(2_000),
        lambda t: t.authorise(),
        lambda t: t.authorise(OWED - 1),
        lambda t: t.sign("suit"),
        lambda t: t.sign("suit", "refuse"),
        lambda t: t.sign("suit", counsel=MAKER),
        lambda t: t.sign("suit", counsel="clerk.ann"),
        lambda t: t.sign("suit", key=b"another key"),
        lambda t: t.sign("letter_before_action"),
        lambda t: t.sign("enforcement"),
        lambda t: t.tick("amount_checked", COUNSEL),
        lambda t: t.tick("amount_checked"),
        lambda t: t.add_document("letter_received", "clerk.ann"),
        lambda t: t.around(holds=frozenset({"dispute"})),
        lambda t: t.around(holds=frozenset()),
        lambda t: t.around(holds=frozenset({"deceased"})),
        lambda t: t.around(has_active_plan=True),
        lambda t: t.around(is_vulnerable=True),
        lambda t: t.around(balance=OWED - 500),
    ]
    return tries


def _starts() -> list[Track]:
    """Files at every point of the straight way, and some that skipped one act of it."""
    starts = []
    way = straight_way()
    for skipped in (*range(len(way)), None):
        track = new_track()
        starts.append(track)
        for place, act in enumerate(way):
            if place == skipped:
                continue
            try:
                track = act(track)
            except NotLawful:
                continue
            starts.append(track)
    return starts


def histories(count: int, seed: int) -> Iterator[Track]:
    chance = random.Random(seed)
    starts, acts = _starts(), _acts()
    # Most of what can go wrong goes wrong late.
    late = [start for start in starts if start.file.state != "pre_action"]
    for _ in range(count):
        track = chance.choice(late if chance.random() < 0.7 else starts)
        if track.file.state in NOTHING_FILED and chance.random() < 0.3:
            track = replace(track, due_on=NEARLY_BARRED)
        for act in chance.choices(acts, k=ACTS_AFTER):
            try:
                track = act(track)
            except NotLawful:
                continue
        yield track


def judge(track: Track, known: set[str]) -> list[str]:
    """What is wrong with a history, read from its entries alone. `known`: heads that were found right before."""
    faults: list[str] = []
    contents, ticks, makers = "0" * 64, set[str](), {MAKER}
    signatures: dict[str, Entry] = {}
    halted = False
    authority: Any = None
    letter: Any = None
    mediated = False
    if track.file.last_hash in known:
        return faults
    for entry in track.entries:
        body = entry.body
        if entry.kind == "step" and body["step"] in PRESSING:
            step = body["step"]
            faults += _unsigned(entry, signatures.get(step), contents, makers)
            faults += ["pressed while halted"] if halted else []
            if step in ("suit", "arbitration"):
                faults += [f"unchecked {item}" for item in CHECKS if item not in ticks]
                faults += _untimely(entry, letter, track.due_on) + ([] if mediated else ["no mediation"])
                faults += [] if authority and body["amount"] <= authority["amount_max"] else ["no authority"]
        if entry.kind == "checked":
            ticks.add(body["item"])
        if entry.kind in ("checked", "document"):
            makers.add(entry.who)
        if entry.kind == "signature":
            signatures[body["step"]] = entry
        if entry.kind == "authority":
            authority = body
        if entry.kind == "mediation":
            mediated = True
        if entry.kind == "step" and body["step"] == "letter_before_action":
            letter = body
        if entry.kind in ("halted", "resumed"):
            halted = entry.kind == "halted"
        if KINDS[entry.kind]:
            contents = hashlib.sha256(f"{contents}{entry.hash}".encode()).hexdigest()
    if not faults:
        known.add(track.file.last_hash)
    return faults


def _unsigned(entry: Entry, signature: Entry | None, contents: str, makers: set[str]) -> list[str]:
    if signature is None:
        return ["not signed"]
    said = signature.body
    text = [str(entry.legal_id), said["step"], said["decision"], said["reasons"], said["contents_hash"]]
    text += [said["counsel_id"], said["signed_at"]]
    sealed = b"concord.legal.signature." + json.dumps(text, separators=(",", ":")).encode()
    age = entry.at - datetime.fromisoformat(said["signed_at"])
    rules = {
        "not approved": said["decision"] == "approve",
        "another file was signed": said["contents_hash"] == contents,
        "the maker signed": said["counsel_id"] not in makers,
        "not counsel's seal": hmac.new(KEY, sealed, hashlib.sha256).hexdigest() == said["seal"],
        "an old signature": timedelta() <= age <= timedelta(days=30),
    }
    return [fault for fault, is_kept in rules.items() if not is_kept]


def _untimely(entry: Entry, letter: Any, due_on: date | None) -> list[str]:
    is_timely = due_on is not None and entry.at.date() <= due_on.replace(year=due_on.year + 6)
    faults = [] if is_timely else ["after the time bar"]
    if letter is None or entry.at.date() <= date.fromisoformat(letter["respond_by"]):
        faults.append("the borrower could still answer")
    return faults


def test_nothing_presses_without_its_grounds_in_any_history() -> None:
    reached: set[str] = set()
    known: set[str] = set()
    for track in histories(HISTORIES, seed=20260302):
        assert judge(track, known) == []
        reached.add(track.file.state)
    # A test in which nothing is ever filed would show nothing.
    assert {"suit", "enforcement", "stopped", "pre_action"} <= reached


def _signature_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(leave_module.Leave, "_check_signature", lambda self: None)
    patch.setattr(file_module, "SIGNED_STEPS", frozenset())
    patch.setattr(leave_module.Leave, "evidence", lambda self: {"step": self.step})


def _old_signature(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(leave_module, "VALID_FOR", timedelta(days=9_000))


def _checklist_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(leave_module.CompletedChecklist, "__post_init__", lambda self: None)


def _anybody_signs(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(file_module.LegalFile, "makers", property(lambda self: frozenset()))


def _any_seal(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("services.negotiation.domain.legal.signature.hmac.compare_digest", lambda a, b: True)


def _no_time_bar(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(leave_module.Leave, "_check_limit", lambda self: None)


def _halts_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stops.Unhindered, "__post_init__", lambda self: None)
    patch.setitem(file_module._FOLDS, "halted", lambda file, entry: file)


BUGS: list[Callable[[pytest.MonkeyPatch], None]] = [
    _signature_not_looked_at,
    _old_signature,
    _checklist_forgotten,
    _anybody_signs,
    _any_seal,
    _no_time_bar,
    _halts_nothing,
]


@pytest.mark.parametrize("plant", BUGS, ids=lambda plant: plant.__name__.strip("_"))
def test_a_planted_bug_is_found(plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    known: set[str] = set()
    assert any(judge(track, known) for track in histories(30_000, seed=7))
