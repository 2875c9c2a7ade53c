"""JSON lines on standard output: identifiers and outcomes, never bodies."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog
from opentelemetry import trace

ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "logger",
        "service",
        "role",
        "trace_id",
        "span_id",
        "error",
        "reason",
        "attempt",
        "key",
        "case_id",
        "person_id",
        "creditor_id",
        "topic",
        "partition",
        "offset",
        "exception",
        "exc_info",
        "count",
        "status",
        "method",
        "route",
        "seconds",
        "decision_id",
        "attempt_id",
        "plan_id",
        "channel",
        "outcome",
        "rule",
        "timer",
        "pid",
        "port",
        "limit",
        "batch_id",
        "hold_id",
        "stack_info",
        "signal",
    }
)
"""What a log line may say. A name that is not here is dropped: a new one is a decision, not an accident."""


def set_up_logs(service: str, role: str, level: str) -> None:
    """Configure structlog and route the standard library's loggers through it."""
    structlog.contextvars.bind_contextvars(service=service, role=role)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
        _frames_only,
        _allowed_only,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(
                    serializer=lambda value, **_: orjson.dumps(value, default=str).decode()
                ),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("aiokafka", "httpx", "httpcore", "uvicorn.access", "uvicorn.error", "opentelemetry"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _add_trace(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        entry["trace_id"], entry["span_id"] = f"{context.trace_id:032x}", f"{context.span_id:016x}"
    return entry


def _frames_only(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception becomes its type and the places it passed; its text may quote a person's data and is left out."""
    info = entry.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        frames = []
        step = error.__traceback__
        while step is not None:
            frames.append(f"{step.tb_frame.f_code.co_filename.rsplit('/site-packages/', 1)[-1]}:{step.tb_lineno}")
            step = step.tb_next
        entry["exception"] = {"type": type(error).__name__, "frames": frames[-12:]}
    return entry


def _allowed_only(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in [n for n in entry if n not in ALLOWED and not n.startswith("_")]:
        del entry[name]
    return entry
