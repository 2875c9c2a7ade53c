"""One AsyncAPI 3.0 document for the whole platform: channels, operations, messages, CloudEvents headers, bindings."""

from __future__ import annotations

from typing import Any

from docs.generators.examples import example_document, example_events
from docs.generators.platform import DescribedPlatform
from docs.generators.schemas import event_schema
from shared.events.body import EventBody
from shared.events.codec import CONTENT_TYPE, dataschema
from shared.events.registry import EVENTS
from shared.messaging.topics import Topic

KAFKA_BINDING = "0.5.0"
_UUID = {"type": "string", "format": "uuid"}


def async_api(platform: DescribedPlatform) -> dict[str, Any]:
    """Raises ValueError where two events define one part differently: one word, one thing."""
    schemas: dict[str, Any] = {"CloudEventHeaders": _headers_schema()}
    examples = {name: example_document(event) for name, event in example_events().items()}
    messages = {name: _message(body, schemas, examples[name]) for name, body in EVENTS.items()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Concord events",
            "version": "1.0.0",
            "description": "Events of a platform for third-party debt collection. CloudEvents 1.0 over Kafka in binary "
            "mode. No event carries personal data. Order holds within one topic and key; delivery is at least once: "
            "deduplicate by ce_id, check order by ce_sequence.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "kafka": {
                "host": "{bootstrap}",
                "protocol": "kafka",
                "description": "Apache Kafka",
                "variables": {"bootstrap": {"default": "127.0.0.1:29592", "description": "KAFKA_BOOTSTRAP_SERVERS"}},
            }
        },
        "channels": {topic.name: _channel(topic) for topic in platform.topics},
        "operations": _operations(platform),
        "components": {"messages": messages, "schemas": dict(sorted(schemas.items()))},
    }


def _channel(topic: Topic) -> dict[str, Any]:
    name, body = topic.name, EVENTS[topic.name]
    return {
        "address": name,
        "description": (body.__doc__ or "").strip(),
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {
            "kafka": {
                "topic": name,
                "partitions": topic.partitions,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": topic.retention_ms},
                "bindingVersion": KAFKA_BINDING,
            }
        },
    }


def _operations(platform: DescribedPlatform) -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for name, body in EVENTS.items():
        target = {
            "channel": {"$ref": f"#/channels/{name}"},
            "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        }
        operations[f"{body.producer}.sends.{name}"] = {
            "action": "send",
            "summary": f"{body.producer} announces {name}",
            "tags": [{"name": body.producer}],
            **target,
        }
        for subscriber in platform.subscribers(name):
            operations[f"{subscriber}.receives.{name}"] = {
                "action": "receive",
                "summary": f"{subscriber} hears {name}",
                "tags": [{"name": subscriber}],
                "bindings": {
                    "kafka": {
                        "groupId": {"type": "string", "const": subscriber},
                        "bindingVersion": KAFKA_BINDING,
                    }
                },
                **target,
            }
    return operations


def _message(body: type[EventBody], schemas: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    name = type_name(body)
    schema = event_schema(body)
    for part, definition in schema.pop("$defs", {}).items():
        _put(schemas, part, _repointed(definition))
    for annotation in ("$schema", "$id", "title"):
        schema.pop(annotation)
    _put(schemas, name, _repointed(schema))
    return {
        "name": body.event_type,
        "title": name,
        "summary": (body.__doc__ or "").strip().split("\n\n")[0].replace("\n", " "),
        "contentType": CONTENT_TYPE,
        "headers": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEventHeaders"},
                {
                    "type": "object",
                    "properties": {
                        "ce_type": {"type": "string", "const": body.event_type},
                        "ce_source": {"type": "string", "const": f"/concord/{body.producer}"},
                        "ce_dataschema": {"type": "string", "const": dataschema(body)},
                    },
                },
            ]
        },
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "bindings": {
            "kafka": {
                "key": {**_UUID, "description": f"{body.key_field} of the body"},
                "bindingVersion": KAFKA_BINDING,
            }
        },
        "examples": [{"name": "harbour_credit", "headers": example["headers"], "payload": example["value"]}],
    }


def type_name(body: type[EventBody]) -> str:
    return body.__name__


def _put(schemas: dict[str, Any], name: str, schema: Any) -> None:
    if schemas.setdefault(name, schema) != schema:
        raise ValueError(f"{name} is defined twice and differently")


def _repointed(schema: Any) -> Any:
    """References into an event's own `$defs`, turned to the document's components."""
    if isinstance(schema, list):
        return [_repointed(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: value.replace("#/$defs/", "#/components/schemas/") if name == "$ref" else _repointed(value)
        for name, value in schema.items()
    }


def _headers_schema() -> dict[str, Any]:
    text = {"type": "string"}
    described = {
        "content-type": {"type": "string", "const": CONTENT_TYPE},
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {**_UUID, "description": "unique; the same event sent twice has the same"},
        "ce_type": text,
        "ce_source": {**text, "description": "the service that announced it"},
        "ce_time": {"type": "string", "format": "date-time", "description": "when it became true"},
        "ce_subject": {**_UUID, "description": "the case or person it is about"},
        "ce_dataschema": {**text, "description": "contract and major version"},
        "ce_partitionkey": {**_UUID, "description": "the key of the record"},
        "ce_sequence": {
            "type": "string",
            "pattern": "^[1-9][0-9]*$",
            "description": "counts from 1 per key within the topic, without gaps",
        },
        "ce_correlationid": {**_UUID, "description": "the first event of the chain"},
        "ce_causationid": {**_UUID, "description": "the event that led to this one"},
        "traceparent": {
            "type": "string",
            "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
            "description": "W3C Trace Context",
        },
    }
    optional = {"ce_causationid", "traceparent"}
    return {
        "type": "object",
        "description": "CloudEvents 1.0 attributes as Kafka headers, and the extensions of this platform.",
        "required": [name for name in described if name not in optional],
        "properties": described,
    }
