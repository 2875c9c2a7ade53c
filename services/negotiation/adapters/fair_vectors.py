"""Reads vectors (services/negotiation/vectors/README.md), asks fairness or the caps, and compares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from services.negotiation.adapters.interest_figures import CONFIDENCES, shipped_figures
from services.negotiation.domain.calendar import add_months
from services.negotiation.domain.fair_terms import AddedFee, FairFacts, ProposedTerms, faults
from services.negotiation.domain.interest_caps import Cap, Loan, NoCap, Unknown, cap, cooling_off
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.mandates import Charges, FeeAllowed

FOLDER = Path(__file__).parent.parent / "vectors"
_KEYS = frozenset({"id", "clause", "confidence", "ask", "given", "expect", "note"})

Document = dict[str, Any]


class InvalidVector(ValueError):
    """A vector does not follow the form."""


@dataclass(frozen=True, slots=True)
class Vector:
    """One question with the answer that its source gives."""

    id: str
    clause: str
    confidence: str
    ask: str
    given: Document
    expect: Any
    note: str = ""


def our_files() -> list[Path]:
    return sorted(FOLDER.glob("*/*.yaml"))


def read_vectors(files: Iterable[Path]) -> list[Vector]:
    """Every vector of the files, each over its file's base; an id may be used once. Raises InvalidVector."""
    vectors: list[Vector] = []
    for file in files:
        document = yaml.safe_load(file.read_text("utf-8"))
        vectors += [_vector(_merged(document.get("base", {}), entry)) for entry in document["vectors"]]
    ids = [vector.id for vector in vectors]
    if len(set(ids)) < len(ids):
        raise InvalidVector(f"ids used twice: {sorted({name for name in ids if ids.count(name) > 1})}")
    return vectors


def report(vectors: Iterable[Vector]) -> tuple[list[str], int]:
    """The lines of the report, the last of which counts, and how many vectors failed."""
    asked = list(vectors)
    lines = [line for line in map(failure, asked) if line is not None]
    return [*lines, f"{len(asked) - len(lines)} passed, {len(lines)} failed"], len(lines)


def failure(vector: Vector) -> str | None:
    """A line where the answer is another; None where it is the expected one."""
    got = answer(vector)
    is_right = got == vector.expect
    if isinstance(vector.expect, dict):
        is_right = all(got.get(key) == expected for key, expected in vector.expect.items())
    return None if is_right else f"{vector.id} [{vector.clause}]: expected {vector.expect}, got {got}"


def answer(vector: Vector) -> Any:
    match vector.ask:
        case "faults":
            given = vector.given
            return [fault.rule for fault in faults(_terms(given["terms"]), _facts(given["facts"]))]
        case "cap":
            return _cap_answer(cap(_loan(vector.given), vector.given["asked_on"], shipped_figures()))
        case "cooling_off":
            right = cooling_off(vector.given["jurisdiction"], vector.given["kind"])
            return {"days": right.days, "basis": right.basis, "law_days": right.law_days}
        case _:
            raise InvalidVector(f"{vector.id}: nobody answers {vector.ask!r}")


def _vector(entry: Document) -> Vector:
    name = entry.get("id")
    if unknown := set(entry) - _KEYS:
        raise InvalidVector(f"{name}: a vector does not know {sorted(unknown)}")
    if missing := {"id", "clause", "confidence", "ask", "given", "expect"} - set(entry):
        raise InvalidVector(f"{name}: a vector says {sorted(missing)}")
    if entry["confidence"] not in CONFIDENCES | {"policy"}:
        raise InvalidVector(f"{name}: {entry['confidence']!r} is no confidence")
    return Vector(**entry)


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> Document:
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _terms(given: Document) -> ProposedTerms:
    values = dict(given)
    even, more = values.pop("even"), values.pop("more", [])
    payments = [(add_months(even["first"], index), even["amount"]) for index in range(even["count"])]
    fees = tuple(AddedFee(**fee) for fee in values.pop("fees", ()))
    clauses = values.pop("clauses", None)
    return ProposedTerms(
        payments=(*payments, *((day, amount) for day, amount in more)),
        fees=fees,
        clauses=tuple(clauses) if clauses is not None else None,
        **values,
    )


def _facts(given: Document) -> FairFacts:
    values = dict(given)
    charges = dict(values.pop("charges"))
    allowed = tuple(FeeAllowed(**fee) for fee in charges.pop("fees", ()))
    limit = values.pop("cap")
    return FairFacts(
        owed=Buckets(**values.pop("owed")), charges=Charges(fees=allowed, **charges), cap=_limit(limit), **values
    )


def _limit(given: Any) -> Cap | NoCap | Unknown:
    if given == "unknown":
        return Unknown("no_rule")
    if given == "none":
        return NoCap("none", "no figure")
    return Cap("given", "as given", "policy", **{**given, "covers": tuple(given["covers"])})


def _loan(given: Document) -> Loan:
    values: Document = {key: value for key, value in given.items() if key != "asked_on"}
    if values["formed_on"] is not None and not isinstance(values["formed_on"], date):
        raise InvalidVector("a day is written YYYY-MM-DD")
    return Loan(**values)


def _cap_answer(found: Cap | NoCap | Unknown) -> Document:
    if isinstance(found, Unknown):
        return {"unknown": found.why}
    if isinstance(found, NoCap):
        return {"none": found.rule}
    return {
        "rule": found.rule,
        "annual_rate_basis_points": found.annual_rate_basis_points,
        "daily_rate_basis_points": found.daily_rate_basis_points,
        "default_fees_max": found.default_fees_max,
        "total_cost_max_basis_points": found.total_cost_max_basis_points,
        "notes": list(found.notes),
    }
