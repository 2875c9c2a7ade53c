"""Events to Kafka records and back: CloudEvents 1.0, Kafka protocol binding, binary content mode.

Every failure to read is an `InvalidEvent` with a reason; nothing else escapes `decode`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from pydantic import ValidationError

from shared.events.body import EventBody
from shared.events.envelope import Event
from shared.events.registry import EVENTS

CONTENT_TYPE = "application/json"


class InvalidEvent(Exception):
    """The record cannot be read as an event of a contract known here. Never transient."""


@lru_cache(maxsize=len(EVENTS))
def dataschema(body: type[EventBody]) -> str:
    """The identifier of a contract, stable across hosts: the schema file of the same name is published in docs."""
    return f"urn:concord:events:{body.event_type}:v{body.version}"


def encode(event: Event[EventBody]) -> tuple[dict[str, str], bytes]:
    """Headers and value of the record. The key of the record is `str(event.key)`."""
    body = event.body
    event_id, key = str(event.event_id), str(body.key)
    headers = {
        "content-type": CONTENT_TYPE,
        "ce_specversion": "1.0",
        "ce_id": event_id,
        "ce_type": body.event_type,
        "ce_source": f"/concord/{body.producer}",
        "ce_time": event.occurred_at.isoformat(),
        "ce_subject": key,
        "ce_dataschema": dataschema(type(body)),
        "ce_partitionkey": key,
        "ce_sequence": str(event.sequence),
        "ce_correlationid": event_id if event.correlation_id == event.event_id else str(event.correlation_id),
    }
    if event.causation_id is not None:
        headers["ce_causationid"] = str(event.causation_id)
    if event.traceparent is not None:
        headers["traceparent"] = event.traceparent
    return headers, body.model_dump_json().encode()


def decode(headers: Mapping[str, str], value: bytes) -> Event[EventBody]:
    """Read a record. Unknown fields are ignored, unknown types and versions are not.

    Raises `InvalidEvent`. The reason names fields and rules, never values.
    """
    body_type = EVENTS.get(headers.get("ce_type", ""))
    if body_type is None:
        raise InvalidEvent("unknown event type")
    if headers.get("ce_dataschema") != dataschema(body_type):
        raise InvalidEvent("unknown version of the contract")
    try:
        body = body_type.model_validate_json(value, extra="ignore")
        causation = headers.get("ce_causationid")
        event = Event(
            event_id=UUID(headers["ce_id"]),
            body=body,
            occurred_at=datetime.fromisoformat(headers["ce_time"]),
            sequence=int(headers["ce_sequence"]),
            correlation_id=UUID(headers["ce_correlationid"]),
            causation_id=UUID(causation) if causation else None,
            traceparent=headers.get("traceparent"),
        )
    except ValidationError as error:
        places = sorted({".".join(map(str, e["loc"])) + ":" + e["type"] for e in error.errors(include_input=False)})
        raise InvalidEvent("body breaks the contract at " + ", ".join(places[:20])) from None
    except KeyError as error:
        raise InvalidEvent(f"attribute {error.args[0]} is missing") from None
    except ValueError:
        raise InvalidEvent("an attribute has the wrong form") from None
    if event.occurred_at.tzinfo is None or event.sequence < 1:
        raise InvalidEvent("an attribute is out of range")
    if str(body.key) != headers.get("ce_partitionkey"):
        raise InvalidEvent("the partition key is not the body's key")
    return event
