"""Rules that hold for every event of the registry."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest
import rfc8785

import shared.events
from docs.generators.examples import example_document, example_events
from docs.generators.schemas import all_schemas, event_schema
from shared.events.body import EventBody, Part
from shared.events.codec import InvalidEvent, decode, encode
from shared.events.plan_agreed import PlanAgreed
from shared.events.registry import EVENTS

EXAMPLES = example_events()
EVENTS_FOLDER = Path(shared.events.__file__).parent
MACHINERY = {"__init__", "body", "codec", "envelope", "registry", "terms"}

PERSONAL = re.compile(
    r"(^|_)(name|first_name|last_name|surname|phone|telephone|mobile_number|number_called|email|e_mail|address|street|"
    r"city|postcode|zip|identity|identity_number|id_number|ssn|passport|born|born_on|birth|age|gender|sex|text|message|"
    r"note|comment|iban|card)(_|$)"
)
"""Words that a field of personal data would have. A field that only sounds like one is listed with its reason."""
SOUNDS_PERSONAL: dict[str, str] = {}


@pytest.mark.parametrize("event_type", EVENTS)
def test_the_example_reads_back_as_it_was_said(event_type: str) -> None:
    event = EXAMPLES[event_type]
    assert decode(*encode(event)) == event


@pytest.mark.parametrize("event_type", EVENTS)
def test_the_example_fits_the_published_schema(event_type: str) -> None:
    schema, value = all_schemas()[event_type], example_document(EXAMPLES[event_type])["value"]
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    validator.validate(value)
    assert list(validator.iter_errors({**value, "surprise": 1})), "the schema is not closed"


def test_there_is_an_example_of_every_event_and_of_nothing_else() -> None:
    assert set(EXAMPLES) == set(EVENTS)


@pytest.mark.parametrize("event_type", EVENTS)
def test_one_rule_turns_type_class_and_module_into_each_other(event_type: str) -> None:
    body = EVENTS[event_type]
    module = event_type.replace(".", "_")
    assert body.__name__ == "".join(word.capitalize() for word in re.split(r"[._]", event_type))
    assert body.__module__ == f"shared.events.{module}"
    assert body.event_type == event_type
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", event_type)


def test_every_module_of_the_folder_is_an_event_of_the_registry() -> None:
    modules = {path.stem for path in EVENTS_FOLDER.glob("*.py")} - MACHINERY
    assert modules == {name.replace(".", "_") for name in EVENTS}


def _bodies() -> Iterator[type[EventBody]]:
    for path in EVENTS_FOLDER.glob("*.py"):
        module = importlib.import_module(f"shared.events.{path.stem}")
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, EventBody) and thing.__module__ == module.__name__:
                yield thing


def test_no_two_contracts_share_a_type() -> None:
    types = [body.event_type for body in _bodies() if body is not EventBody]
    assert len(types) == len(set(types)) == len(EVENTS)


@pytest.mark.parametrize("event_type", EVENTS)
def test_a_contract_is_closed_frozen_and_tells_what_has_become_true(event_type: str) -> None:
    body = EVENTS[event_type]
    assert body.model_config["extra"] == "forbid"
    assert body.model_config["frozen"] is True
    assert body.__doc__
    assert body.key_field in body.model_fields
    assert {"creditor_id", body.key_field} <= set(body.model_fields)
    for _, schema in _objects(event_schema(body)):
        assert schema["additionalProperties"] is False


@pytest.mark.parametrize("event_type", EVENTS)
def test_no_field_looks_like_personal_data(event_type: str) -> None:
    for place, schema in _objects(event_schema(EVENTS[event_type])):
        for name in schema["properties"]:
            where = f"{event_type}{place}/{name}"
            assert not PERSONAL.search(name) or where in SOUNDS_PERSONAL, where


@pytest.mark.parametrize("name", ["name", "borrower_name", "phone", "email_address", "born_on", "reply_text", "age"])
def test_the_rule_against_personal_data_catches(name: str) -> None:
    assert PERSONAL.search(name)


@pytest.mark.parametrize("name", ["language", "stage", "time_zones", "instalment_number", "homeowner"])
def test_the_rule_against_personal_data_lets_pass(name: str) -> None:
    assert not PERSONAL.search(name)


@pytest.mark.parametrize("event_type", EVENTS)
def test_no_text_is_unbounded(event_type: str) -> None:
    """Free text of any length is where personal data and oversize records come from."""
    for place, schema in _nodes(event_schema(EVENTS[event_type])):
        if schema.get("type") == "string":
            assert {"enum", "const", "format", "pattern", "maxLength"} & set(schema), f"{event_type}{place}"
        if schema.get("type") == "array":
            assert "maxItems" in schema, f"{event_type}{place}"
        assert schema.get("type") != "number", f"{event_type}{place}: amounts and rates are whole numbers"


def test_the_terms_hash_is_over_the_canonical_terms() -> None:
    agreed = EXAMPLES["plan.agreed"].body
    assert isinstance(agreed, PlanAgreed)
    canonical = rfc8785.dumps(agreed.terms.model_dump(mode="json"))
    assert agreed.terms_hash == hashlib.sha256(canonical).hexdigest()


@pytest.mark.parametrize("event_type", EVENTS)
def test_a_field_that_is_not_known_yet_is_read_over(event_type: str) -> None:
    """A producer may add optional fields before its subscribers know them."""
    event = EXAMPLES[event_type]
    headers, value = encode(event)
    assert decode(headers, json.dumps({**json.loads(value), "a_later_field": 1}).encode()) == event


@pytest.mark.parametrize("event_type", EVENTS)
def test_a_body_without_one_of_its_required_fields_is_refused(event_type: str) -> None:
    headers, value = encode(EXAMPLES[event_type])
    for name in event_schema(EVENTS[event_type])["required"]:
        body = {k: v for k, v in json.loads(value).items() if k != name}
        with pytest.raises(InvalidEvent, match=name):
            decode(headers, json.dumps(body).encode())


@pytest.mark.parametrize("event_type", EVENTS)
@pytest.mark.parametrize("value", [b"", b"{", b"null", b"[]", b'"text"', b"\xff\xfe", b"{}", b"[" * 10_000])
def test_a_body_that_is_no_body_is_refused(event_type: str, value: bytes) -> None:
    headers, _ = encode(EXAMPLES[event_type])
    with pytest.raises(InvalidEvent):
        decode(headers, value)


@pytest.mark.parametrize("event_type", EVENTS)
def test_a_float_where_money_belongs_is_refused(event_type: str) -> None:
    headers, value = encode(EXAMPLES[event_type])
    body = json.loads(value)
    whole = [name for name, entry in body.items() if type(entry) is int]
    for name in whole:
        with pytest.raises(InvalidEvent):
            decode(headers, json.dumps({**body, name: body[name] + 0.5}).encode())


NEEDED = (
    "ce_id",
    "ce_type",
    "ce_time",
    "ce_dataschema",
    "ce_partitionkey",
    "ce_sequence",
    "ce_correlationid",
)


@pytest.mark.parametrize("header", NEEDED)
def test_a_record_without_one_of_its_attributes_is_refused(header: str) -> None:
    headers, value = encode(EXAMPLES["case.received"])
    del headers[header]
    with pytest.raises(InvalidEvent):
        decode(headers, value)


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("ce_id", "not-a-uuid"),
        ("ce_type", "case.invented"),
        ("ce_type", "case.closed"),
        ("ce_dataschema", "urn:concord:events:case.received:v2"),
        ("ce_time", "yesterday"),
        ("ce_time", "2026-03-02T15:00:00"),
        ("ce_sequence", "0"),
        ("ce_sequence", "-1"),
        ("ce_sequence", "one"),
        ("ce_correlationid", ""),
        ("ce_causationid", "x"),
        ("ce_partitionkey", "0195c0de-0000-7000-8000-000000000999"),
    ],
)
def test_a_record_with_a_malformed_attribute_is_refused(header: str, text: str) -> None:
    headers, value = encode(EXAMPLES["case.received"])
    with pytest.raises(InvalidEvent):
        decode({**headers, header: text}, value)


def test_a_refusal_to_read_never_quotes_what_it_was_given() -> None:
    headers, value = encode(EXAMPLES["case.received"])
    secret = "+1 202 555 0143"
    for name in json.loads(value):
        with pytest.raises(InvalidEvent) as refused:
            decode(headers, json.dumps({**json.loads(value), name: [secret]}).encode())
        assert secret not in str(refused.value)


def test_two_events_may_have_one_body_and_are_still_two() -> None:
    first = EXAMPLES["case.received"]
    headers, _ = encode(first)
    assert UUID(headers["ce_id"]) == first.event_id
    assert datetime.fromisoformat(headers["ce_time"]) == first.occurred_at


def _objects(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((place, node) for place, node in _nodes(schema) if node.get("type") == "object")


def _nodes(schema: dict[str, Any], place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    yield place, schema
    for name, inner in {**schema.get("properties", {}), **schema.get("$defs", {})}.items():
        yield from _nodes(inner, f"{place}/{name}")
    if isinstance(schema.get("items"), dict):
        yield from _nodes(schema["items"], f"{place}/*")
    for inner in schema.get("anyOf", []):
        yield from _nodes(inner, place)


def test_parts_of_events_are_closed_too() -> None:
    def below(kind: type[Part]) -> Iterator[type[Part]]:
        for inner in kind.__subclasses__():
            yield inner
            yield from below(inner)

    for part in below(Part):
        assert part.model_config["extra"] == "forbid", part.__name__
