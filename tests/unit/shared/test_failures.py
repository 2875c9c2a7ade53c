"""Which failures pass by themselves, what a trace context is, and what a log line may say."""

from __future__ import annotations

import asyncpg
import pytest
from aiokafka.errors import KafkaConnectionError
from sqlalchemy.exc import DBAPIError, IntegrityError

from shared.messaging.backoff import is_transient
from shared.messaging.record import readable_key
from shared.service.logs import _allowed_only, _frames_only
from shared.tracing.propagation import format_traceparent, is_sampled, parent_of

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def _database_error(sqlstate: str) -> DBAPIError:
    class Original(Exception):
        pass

    original = Original("detail that may name a person")
    original.sqlstate = sqlstate  # type: ignore[attr-defined]  # as the adapter does it
    return DBAPIError("statement", None, original)


@pytest.mark.parametrize("sqlstate", ["08006", "40001", "40P01", "53300", "55P03", "57P01", "57014", "58030", "25006"])
def test_a_server_that_is_away_or_busy_is_waited_for(sqlstate: str) -> None:
    assert is_transient(_database_error(sqlstate))


@pytest.mark.parametrize("sqlstate", ["23505", "23514", "22001", "42P01", "25001"])
def test_data_that_break_a_rule_are_never_tried_again(sqlstate: str) -> None:
    assert not is_transient(_database_error(sqlstate))


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        TimeoutError(),
        KafkaConnectionError(),
        asyncpg.InterfaceError("x"),
        asyncpg.InternalClientError(),
    ],
)
def test_lost_connections_are_waited_for(error: Exception) -> None:
    assert is_transient(error)


@pytest.mark.parametrize("error", [ValueError(), KeyError(), AssertionError(), IntegrityError("s", None, Exception())])
def test_our_own_mistakes_are_not_waited_for(error: Exception) -> None:
    assert not is_transient(error)


def test_a_trace_context_survives_the_way_through_text() -> None:
    assert format_traceparent(parent_of(TRACE).get_span_context()) == TRACE


@pytest.mark.parametrize(
    ("text", "sampled"),
    [(TRACE, True), (TRACE[:-2] + "00", False), (TRACE[:-2] + "03", True), (None, False), ("00-x-01", False)],
)
def test_only_a_sampled_trace_costs_spans(text: str | None, sampled: bool) -> None:
    assert is_sampled(text) is sampled


@pytest.mark.parametrize("key", [None, b"", b"\xff\xfe", b"not-an-id", "１２".encode()])
def test_a_key_that_is_no_identifier_belongs_to_no_case(key: bytes | None) -> None:
    assert readable_key(key) is None


def test_a_key_has_one_spelling() -> None:
    assert readable_key(b"01900000-0000-7000-8000-00000000C0DE") == "01900000-0000-7000-8000-00000000c0de"


def test_a_log_line_drops_what_was_not_decided_on_and_an_exceptions_text() -> None:
    try:
        raise ValueError("Ms Rivera, 555-0142")
    except ValueError as error:
        entry = _frames_only(None, "error", {"event": "http.failed", "exc_info": error, "name": "Ms Rivera"})
    said = str(_allowed_only(None, "error", entry))
    assert "ValueError" in said
    assert "Rivera" not in said
    assert "555-0142" not in said
