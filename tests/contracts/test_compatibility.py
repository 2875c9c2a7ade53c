"""The gate between a released contract and the current one, and the gate's own golden cases."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from docs.generators.compatibility import changes, instruction
from docs.generators.events_page import STABLE
from docs.generators.files import RELEASED
from docs.generators.schemas import all_schemas
from shared.events.registry import EVENTS
from shared.messaging.topics import read_topics

Document = dict[str, Any]

AMOUNT: Document = {"type": "integer", "minimum": 1, "maximum": 1000}
PROMISE: Document = {
    "$id": "urn:concord:events:promise.made:v1",
    "x-producer": "outreach",
    "x-topic": "promise.made",
    "x-key": "case_id",
    "x-version": 1,
    "type": "object",
    "additionalProperties": False,
    "required": ["case_id", "amount", "channel", "terms", "code"],
    "properties": {
        "case_id": {"type": "string", "format": "uuid"},
        "amount": AMOUNT,
        "channel": {"type": "string", "enum": ["call", "sms"]},
        "code": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 10},
        "note_code": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "days": {"type": "array", "items": {"type": "integer"}, "maxItems": 5},
        "terms": {"$ref": "#/$defs/Terms"},
    },
    "$defs": {
        "Terms": {
            "type": "object",
            "additionalProperties": False,
            "required": ["months"],
            "properties": {"months": {"type": "integer"}},
        }
    },
}


def _field(name: str, **changed: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document["properties"][name].update(changed)

    return change


def _add(name: str, *, required: bool) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document["properties"][name] = {"type": "integer"}
        if required:
            document["required"].append(name)

    return change


def _remove(name: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        del document["properties"][name]
        document["required"] = [n for n in document["required"] if n != name]

    return change


def _required(name: str, *, is_required: bool) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document["required"] = [n for n in document["required"] if n != name] + [name] * is_required

    return change


def _replace(name: str, schema: Document) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document["properties"][name] = schema

    return change


def _in_terms(change: Callable[[Document], None]) -> Callable[[Document], None]:
    return lambda document: change(document["$defs"]["Terms"])


def _top(name: str, value: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document[name] = value

    return change


ADDITIVE: dict[str, Callable[[Document], None]] = {
    "nothing changed": lambda _: None,
    "an optional field added": _add("reminder_days", required=False),
    "an optional field added inside a part": _in_terms(_add("grace_days", required=False)),
    "a description changed": _field("amount", description="in minor units"),
    "fields in another order": lambda d: d.update(properties=dict(reversed(d["properties"].items()))),
}
SUBSCRIBERS_FIRST: dict[str, Callable[[Document], None]] = {
    "a value added to an enumeration": _field("channel", enum=["call", "sms", "letter"]),
    "an enumeration opened": lambda d: d["properties"]["channel"].pop("enum"),
    "an upper bound loosened": _field("amount", maximum=2000),
    "a lower bound loosened": _field("amount", minimum=0),
    "a bound dropped": lambda d: d["properties"]["amount"].pop("maximum"),
    "a length loosened": _field("code", maxLength=20),
    "more items": _field("days", maxItems=6),
    "null permitted": _replace(
        "amount", {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 1000}, {"type": "null"}]}
    ),
    "a type widened": _replace("amount", {"type": "number", "minimum": 1, "maximum": 1000}),
    "a field became optional": _required("code", is_required=False),
    "a pattern dropped": lambda d: d["properties"]["code"].pop("pattern"),
}
BREAKS: dict[str, Callable[[Document], None]] = {
    "a required field added": _add("currency", required=True),
    "a required field added inside a part": _in_terms(_add("currency", required=True)),
    "a required field removed": _remove("amount"),
    "an optional field removed": _remove("note_code"),
    "a field renamed": lambda d: (_remove("amount")(d), _add("amount_minor_units", required=True)(d))[0],
    "a field removed inside a part": _in_terms(_remove("months")),
    "an optional field became required": _required("note_code", is_required=True),
    "a type changed": _field("amount", type="string"),
    "a type narrowed inside a list": _field("days", items={"type": "string"}),
    "null no longer permitted": _replace("note_code", {"type": "string", "default": None}),
    "a value removed from an enumeration": _field("channel", enum=["call"]),
    "a value renamed in an enumeration": _field("channel", enum=["call", "text"]),
    "free text turned into an enumeration": _field("code", enum=["a", "b"]),
    "an upper bound tightened": _field("amount", maximum=999),
    "a lower bound tightened": _field("amount", minimum=2),
    "a bound added": _field("days", minItems=1),
    "a length tightened": _field("code", maxLength=9),
    "a pattern changed": _field("code", pattern="^[a-z0-9]+$"),
    "a format changed": _field("case_id", format="date"),
    "the meaning of absence changed": _field("note_code", default="none"),
    "another key": _top("x-key", "person_id"),
    "another producer": _top("x-producer", "intake"),
    "opened": _top("additionalProperties", True),
}


def _verdicts(change: Callable[[Document], Any]) -> set[str]:
    current = copy.deepcopy(PROMISE)
    change(current)
    return {found.verdict for found in changes(PROMISE, current)}


@pytest.mark.parametrize("name", ADDITIVE)
def test_an_addition_passes(name: str) -> None:
    assert _verdicts(ADDITIVE[name]) == set()


@pytest.mark.parametrize("name", SUBSCRIBERS_FIRST)
def test_what_old_subscribers_cannot_read_needs_them_first(name: str) -> None:
    assert _verdicts(SUBSCRIBERS_FIRST[name]) == {"subscribers_first"}


@pytest.mark.parametrize("name", BREAKS)
def test_what_makes_stored_events_unreadable_breaks(name: str) -> None:
    assert "breaks" in _verdicts(BREAKS[name])


def test_every_reason_is_given_at_once() -> None:
    current = copy.deepcopy(PROMISE)
    _remove("amount")(current)
    _field("channel", enum=["call", "sms", "letter"])(current)
    assert [(c.place, c.verdict) for c in changes(PROMISE, current)] == [
        ("/amount", "breaks"),
        ("/channel", "subscribers_first"),
    ]


def test_the_instruction_names_the_subscribers_to_roll_out_first() -> None:
    current = copy.deepcopy(PROMISE)
    _field("channel", enum=["call", "sms", "letter"])(current)
    found = changes(PROMISE, current)
    text = instruction("promise.made", found, ["negotiation", "reporting"], is_stable=False)
    assert "first: negotiation, reporting" in text
    assert "'letter' was added" in text
    stable = instruction("promise.made", found, ["negotiation", "reporting"], is_stable=True)
    assert "new version" in stable
    assert "--release" not in stable


@pytest.mark.parametrize("event_type", EVENTS)
def test_the_contract_is_an_addition_to_the_released_one(event_type: str) -> None:
    path = RELEASED / f"{event_type}.v{EVENTS[event_type].version}.schema.json"
    assert path.is_file(), f"{event_type} was never released: python -m docs.generate --release"
    found = changes(json.loads(path.read_text(encoding="utf-8")), all_schemas()[event_type])
    subscribers = next(topic.subscribers for topic in read_topics() if topic.name == event_type)
    assert not found, instruction(event_type, found, subscribers, is_stable=event_type in STABLE)


def test_no_released_contract_has_gone() -> None:
    released = {path.name.rsplit(".v", 1)[0] for path in RELEASED.glob("*.schema.json")}
    assert released <= set(EVENTS)
