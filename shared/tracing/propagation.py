"""W3C trace context as a plain string, so that it can lie in an outbox row and travel in a record header."""

from __future__ import annotations

from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, TraceFlags

_LENGTH = 55


def current_traceparent() -> str | None:
    """The trace context here and now, or None outside any trace."""
    context = trace.get_current_span().get_span_context()
    return format_traceparent(context) if context.is_valid else None


def format_traceparent(context: SpanContext) -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"


def is_sampled(traceparent: str | None) -> bool:
    """Whether spans are kept for this trace. Spans are made only then: it is what tracing costs per event."""
    return traceparent is not None and len(traceparent) == _LENGTH and traceparent[-1] in "13579bdf"


def parent_of(traceparent: str) -> Span:
    """A span that stands for the remote parent. Raises ValueError where the text is no trace context."""
    version, trace_id, span_id, flags = traceparent.split("-")
    if version == "ff" or len(trace_id) != 32 or len(span_id) != 16:
        raise ValueError("no trace context")
    context = SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16)))
    return NonRecordingSpan(context)


def start_child(tracer: trace.Tracer, name: str, traceparent: str, kind: trace.SpanKind) -> Span:
    """Start a span below the remote parent; the caller ends it."""
    return tracer.start_span(name, trace.set_span_in_context(parent_of(traceparent)), kind=kind)
