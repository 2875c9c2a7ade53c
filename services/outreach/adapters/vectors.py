"""Reads vectors (services/outreach/vectors/README.md), asks the gate or the law's questions, and compares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.outreach.adapters.plain_yaml import read_yaml_file
from services.outreach.adapters.rule_packs import CONFIDENCES
from services.outreach.domain.gate import form
from services.outreach.domain.gate.decision import Decision, decide
from services.outreach.domain.gate.facts import Facts, Request
from services.outreach.domain.gate.packs import Packs
from services.outreach.domain.law import questions

FOLDER = Path(__file__).parent.parent / "vectors"
ORIGINS = {"official_example", "official_comment", "rule_text", "derived", "own_boundary"}
_KEYS = {"id", "pack", "clause", "origin", "confidence", "note", "ask", "given", "expect", "only"}
_GIVEN = {"now", "zone", "zones", "jurisdiction", "request", "facts", "point", "contacts", "holidays", "workdays"}
_EXPECT = {"verdict", "fires", "silent", "notes", "until"}
_LOCAL = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")
CALENDAR_SPAN = timedelta(days=400)
"""The base knows so many days around a vector's `now`, none of them a holiday unless the vector says so."""

Document = dict[str, Any]


class InvalidVector(ValueError):
    """A vector does not follow the form."""


@dataclass(frozen=True, slots=True)
class Vector:
    """One question with the answer that its source gives."""

    id: str
    pack: str
    clause: str
    origin: str
    ask: str
    given: Document
    expect: Document
    only: tuple[str, ...] = ()
    """Packs to be judged by alone; empty: all packs that apply."""
    confidence: str = "primary"
    note: str = ""

    def full_name(self, rule: str) -> str:
        return rule if "/" in rule or rule.startswith("missing_fact.") else f"{self.pack}/{rule}"


@dataclass(frozen=True, slots=True)
class Failure:
    vector: Vector
    what: str
    expected: Any
    got: Any

    def __str__(self) -> str:
        return (
            f"{self.vector.id} [{self.vector.pack}; {self.vector.clause}] {self.what}: "
            f"expected {self.expected}, got {self.got}"
        )


@cache
def base() -> Document:
    document: Document = read_yaml_file(FOLDER / "base.yaml")["base"]
    return document


def our_files() -> list[Path]:
    return [path for path in sorted(FOLDER.glob("*.yaml")) if path.name != "base.yaml"]


def read_vectors(paths: Iterable[Path]) -> list[Vector]:
    """Every vector of the files, with each file's `defaults` filled in; an id may be used once."""
    vectors = [vector for path in paths for vector in _read_file(path)]
    ids = [vector.id for vector in vectors]
    if len(set(ids)) < len(ids):
        raise InvalidVector(f"ids used twice: {sorted({name for name in ids if ids.count(name) > 1})}")
    return vectors


def _read_file(path: Path) -> list[Vector]:
    document = read_yaml_file(path)
    defaults = document.get("defaults", {})
    return [read_vector(_merged(defaults, entry)) for entry in document["vectors"] or ()]


def read_vector(entry: Mapping[str, Any]) -> Vector:
    name = entry.get("id")
    if unknown := set(entry) - _KEYS:
        raise InvalidVector(f"{name}: a vector does not know {sorted(unknown)}")
    if missing := {"id", "clause", "origin", "given", "expect"} - set(entry):
        raise InvalidVector(f"{name}: a vector says {sorted(missing)}")
    pack, _, _rule = str(entry.get("pack", "")).partition("/")
    vector = Vector(**{"ask": "decide", **entry, "pack": pack, "only": tuple(entry.get("only", ()))})
    if vector.origin not in ORIGINS or vector.confidence not in CONFIDENCES:
        raise InvalidVector(f"{name}: origin or confidence is none that is known")
    if not vector.expect:
        raise InvalidVector(f"{name}: a vector that expects nothing cannot fail")
    if vector.ask == "decide" and (unknown := (set(vector.given) - _GIVEN) | (set(vector.expect) - _EXPECT)):
        raise InvalidVector(f"{name}: `decide` does not know {sorted(unknown)}")
    return vector


def run(vectors: Iterable[Vector], packs: Packs) -> list[Failure]:
    return [failure for vector in vectors for failure in check(vector, packs)]


def check(vector: Vector, packs: Packs) -> list[Failure]:
    """What the library answers otherwise than expected."""
    got = answer(vector, packs)
    failures = []
    for key, expected in vector.expect.items():
        if key == "silent":
            wrong = sorted({vector.full_name(rule) for rule in expected} & {*got["fires"], *got["notes"]})
            if wrong:
                failures.append(Failure(vector, key, "none of them", wrong))
        elif key in ("fires", "notes") and vector.ask == "decide":
            wanted = {vector.full_name(rule) for rule in expected}
            if not wanted <= set(got[key]) or (not wanted and got[key]):
                failures.append(Failure(vector, key, sorted(wanted), got[key]))
        elif got.get(key) != expected:
            failures.append(Failure(vector, key, expected, got.get(key)))
    return failures


def answer(vector: Vector, packs: Packs) -> Document:
    """What the library answers, as a plain document."""
    if vector.ask != "decide":
        question = questions().get(vector.ask)
        if question is None:
            raise InvalidVector(f"{vector.id}: nobody answers {vector.ask!r}")
        answered: Document = _plain(question(vector.given))
        return answered
    request, facts, now, place = situation(vector)
    decision = decide(request, facts, _chosen(packs, vector.only), now)
    return _said(decision, place)


def situation(vector: Vector) -> tuple[Request, Facts, datetime, ZoneInfo]:
    """The base with what the vector gives: what `decide` is asked, and the zone of the vector's clock."""
    given = vector.given
    path = str(given.get("jurisdiction", "US"))
    jurisdiction, _, region = path.partition("-")
    zone_name = given.get("zone") or (given.get("zones") or [base()["zones"].get(jurisdiction, "UTC")])[0]
    place = ZoneInfo(zone_name)
    now = datetime.fromisoformat(_aware(given.get("now", "2026-03-10T12:00"), place, noon=True)).astimezone(UTC)
    asked = _merged(base()["request"], given.get("request", {}))
    facts = {
        **base()["facts"],
        "jurisdiction": jurisdiction,
        "time_zones": given.get("zones", [zone_name]),
        "point": _point(given, asked["channel"]),
        "calendar": _calendar(given, now, place),
        **({"region": region} if region else {}),
        **given.get("facts", {}),
        "contacts": [contact for entry in given.get("contacts", ()) for contact in _contacts(entry, place)],
    }
    try:
        request = form.from_document(Request, _localised(asked, place))
        return request, form.from_document(Facts, _localised(facts, place)), now, place
    except form.OutOfForm as error:
        raise InvalidVector(f"{vector.id}: {error}") from error


@lru_cache(maxsize=64)
def _chosen(packs: Packs, only: tuple[str, ...]) -> Packs:
    if not only:
        return packs
    chosen = [pack for pack in packs if pack.name in only]
    if missing := set(only) - {pack.name for pack in chosen}:
        raise InvalidVector(f"there are no such packs: {sorted(missing)}")
    return Packs(chosen)


def _said(decision: Decision, place: ZoneInfo) -> Document:
    until = decision.until.astimezone(place) if decision.until is not None else None
    return {
        "verdict": decision.verdict,
        "fires": sorted({rule.rule for rule in (*decision.rules, *decision.notes)}),
        "notes": sorted({rule.rule for rule in decision.notes}),
        "until": until.replace(tzinfo=None).isoformat(timespec="minutes") if until is not None else None,
    }


def _point(given: Document, channel: str) -> Document | None:
    if "point" in given and given["point"] is None:
        return None
    return _merged(base()["points"].get(channel, {"kind": "none"}), given.get("point", {}))


def _calendar(given: Document, now: datetime, place: ZoneInfo) -> Document:
    today = now.astimezone(place).date()
    return {
        "first_on": (today - CALENDAR_SPAN).isoformat(),
        "last_on": (today + CALENDAR_SPAN).isoformat(),
        "holidays": given.get("holidays", []),
        "workdays": given.get("workdays", []),
    }


def _contacts(entry: Document, place: ZoneInfo) -> list[Document]:
    """One contact, or as many as it names moments; `debt` is short for `case_id`, a bare day is noon."""
    values = _merged(base()["contact"], entry)
    if "debt" in values:
        values["case_id"] = values.pop("debt")
    moments = values["at"] if isinstance(values["at"], list) else [values["at"]]
    return [{**values, "at": _aware(moment, place, noon=True)} for moment in moments]


def _localised(value: Any, place: ZoneInfo) -> Any:
    if isinstance(value, dict):
        return {key: _localised(entry, place) for key, entry in value.items()}
    if isinstance(value, list):
        return [_localised(entry, place) for entry in value]
    return _aware(value, place) if isinstance(value, str) and _LOCAL.match(value) else value


def _aware(text: str, place: ZoneInfo, *, noon: bool = False) -> str:
    if noon and _DAY.match(text):
        text += "T12:00"
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=place)).astimezone(UTC).isoformat()


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> Document:
    """Mappings are merged, everything else is replaced."""
    merged = {**below}
    for key, value in above.items():
        known = merged.get(key)
        merged[key] = _merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, set | frozenset):
        return sorted(_plain(entry) for entry in value)
    return value.isoformat() if isinstance(value, date | time) else value


def report(vectors: Sequence[Vector], packs: Packs) -> tuple[list[str], int]:
    """The lines of the report, the last of which counts, and how many vectors failed."""
    failures = run(vectors, packs)
    failed = len({failure.vector.id for failure in failures})
    return [*map(str, failures), f"{len(vectors) - failed} passed, {failed} failed"], failed
