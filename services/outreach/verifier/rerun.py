"""One part of an export, verified: every decision run again from its facts, and the chains that bind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson

from services.outreach.domain.gate.chain import GENESIS, spoken
from services.outreach.domain.gate.decision import Answer, answer
from services.outreach.verifier.anchors import Anchors
from services.outreach.verifier.export import Document, Export
from services.outreach.verifier.inputs import read_inputs
from services.outreach.verifier.packs import ExportedPacks

SHOWN_MAX = 1_000
"""Differences that a part lists; all are counted."""
STEP = 1_000

Say = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """What does not fit, and where. `decision_id` None: about a case or a file."""

    decision_id: str | None
    case_id: str | None
    what: tuple[str, ...]


@dataclass(slots=True)
class PartResult:
    """What one part came to."""

    decisions: int = 0
    cases: int = 0
    differing: int = 0
    differences: list[Difference] = field(default_factory=list)
    denials_by_rule: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    anchored: list[str] = field(default_factory=list)
    """Decisions of this part that an event had told of."""

    def add(self, difference: Difference) -> None:
        self.differing += 1
        if len(self.differences) < SHOWN_MAX:
            self.differences.append(difference)


@dataclass(slots=True)
class Place:
    """How far the chain of the case at hand is followed."""

    case_id: str
    position: int
    chain_hash: str


def verify_part(export: Export, packs: ExportedPacks, anchors: Anchors, part: str, say: Say) -> PartResult:
    """Decisions lie by case and position, so one case is followed at a time."""
    result = PartResult()
    heads = _heads(export, part)
    place: Place | None = None
    section: Document | None = None
    unsaid = 0
    for number, line in enumerate(export.lines(part), 1):
        try:
            row = orjson.loads(line)
            case_id = row["case_id"]
            if place is None or case_id != place.case_id:
                _end(result, place, section)
                section = next(heads, None)
                place = _begin(result, case_id, section)
            what = check_decision(row, packs) + check_link(row, place)
            what += anchors.check(row["decision_id"], row["position"], row["chain_hash"])
            _count(result, row, anchors)
            if what:
                result.add(Difference(row["decision_id"], case_id, tuple(what)))
        except Exception as error:
            where = f"line {number} of {part} cannot be read: {type(error).__name__}"
            result.add(Difference(None, place.case_id if place else None, (where,)))
        result.decisions += 1
        unsaid += 1
        if unsaid == STEP:
            say(unsaid)
            unsaid = 0
    _end(result, place, section)
    for left in heads:
        result.add(Difference(None, str(left.get("case_id")), ("the head of a case without decisions",)))
    say(unsaid)
    return result


def check_decision(row: Document, packs: ExportedPacks) -> list[str]:
    """Run it again; the names of what comes out differently."""
    text: str = row["facts"]
    what = [] if sha256(text.encode()).hexdigest() == row["facts_hash"] else ["facts_hash"]
    loaded = packs.loaded(row["pack_set_hash"])
    if loaded is None:
        return [*what, "pack_set_hash: these packs are not in the export"]
    try:
        seen = read_inputs(text)
    except Exception as error:
        return [*what, f"facts: cannot be read: {type(error).__name__}"]
    request, now = seen.request, seen.now
    again = answer(request, seen.facts, seen.history, loaded, now)
    asked = (request.case_id, request.channel, request.rung, request.contact_point_id)
    said = (row["case_id"], row["channel"], row["rung"], row["contact_point_id"])
    if not seen.is_canonical:
        what.append("facts: not the canonical text of what they say")
    if asked != said:
        what.append("facts: about another request")
    # A visit is decided about for the hour when it shall be made; nothing is decided about the past.
    if now.isoformat() != row["decided_at"] and now < datetime.fromisoformat(row["decided_at"]):
        what.append("facts: about a moment before the decision")
    expected = _answer(again)
    return what + [name for name, value in expected.items() if row[name] != value]


def check_link(row: Document, place: Place) -> list[str]:
    """Follow the chain by one; goes on from what the row says, so that one fault is told once."""
    what = []
    position, chain_hash = row["position"], row["chain_hash"]
    if position != place.position + 1:
        what.append(f"position: {position} follows {place.position}")
    record = {name: value for name, value in row.items() if name not in ("facts", "chain_hash")}
    # orjson writes the RFC 8785 form of these values with sorted keys, many times faster than the standard encoder.
    seen = sha256(place.chain_hash.encode() + orjson.dumps(record, option=orjson.OPT_SORT_KEYS)).hexdigest()
    if seen != chain_hash:
        what.append("chain_hash: does not follow from the decision before")
    place.position, place.chain_hash = position, chain_hash
    return what


def _answer(again: Answer) -> dict[str, Any]:
    return {
        "verdict": again.verdict,
        "until": again.until.isoformat() if again.until is not None else None,
        "rules": spoken(again.rules),
        "notes": spoken(again.notes),
        "pack_hash": again.pack_hash,
        "packs": list(again.packs),
    }


def _heads(export: Export, part: str) -> Iterator[Document]:
    for line in export.lines(part.replace("decisions/", "heads/", 1)):
        yield orjson.loads(line)


def _begin(result: PartResult, case_id: str, section: Document | None) -> Place:
    result.cases += 1
    if section is None or section["case_id"] != case_id:
        result.add(Difference(None, case_id, ("the case has no head where it is due",)))
        return Place(case_id, 0, GENESIS)
    if section["position_before"] == 0 and section["hash_before"] != GENESIS:
        result.add(Difference(None, case_id, ("hash_before: a chain begins with zeros",)))
    return Place(case_id, section["position_before"], section["hash_before"])


def _end(result: PartResult, place: Place | None, section: Document | None) -> None:
    if place is None or section is None or section["case_id"] != place.case_id:
        return
    if (section["position"], section["chain_hash"]) != (place.position, place.chain_hash):
        what = f"head: position {section['position']} is said, the chain ends at {place.position}"
        result.add(Difference(None, place.case_id, (what,)))


def _count(result: PartResult, row: Document, anchors: Anchors) -> None:
    if row["decision_id"] in anchors.places:
        result.anchored.append(row["decision_id"])
    result.verdicts[row["verdict"]] += 1
    if row["verdict"] != "allow":
        result.denials_by_rule.update(rule["rule"] for rule in row["rules"])
