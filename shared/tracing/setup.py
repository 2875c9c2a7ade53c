"""The tracer provider of one process: OTLP where a collector is given, Zipkin JSON on the local stack, else none."""

from __future__ import annotations

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

EXPORT_QUEUE_SPANS_MAX = 8_192
"""Spans that wait for the exporter; more are dropped and never slow a case down."""


def set_up_tracing(service: str, role: str, *, otlp_endpoint: str | None, zipkin_endpoint: str | None) -> None:
    """Install the provider. Sampling follows the standard OTEL_TRACES_SAMPLER variables."""
    exporter = _exporter(otlp_endpoint, zipkin_endpoint)
    provider = TracerProvider(
        resource=Resource.create({"service.name": service, "service.namespace": "concord", "concord.role": role})
    )
    if exporter is not None:
        provider.add_span_processor(
            BatchSpanProcessor(exporter, max_queue_size=EXPORT_QUEUE_SPANS_MAX, schedule_delay_millis=1_000)
        )
    trace.set_tracer_provider(provider)


def _exporter(otlp_endpoint: str | None, zipkin_endpoint: str | None) -> SpanExporter | None:
    # Imported here: a process needs one of them at most, and each brings its own dependencies into memory.
    if otlp_endpoint:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        return OTLPSpanExporter(endpoint=otlp_endpoint.rstrip("/") + "/v1/traces")
    if zipkin_endpoint:
        from opentelemetry.exporter.zipkin.json import ZipkinExporter

        return ZipkinExporter(endpoint=zipkin_endpoint)
    return None
