"""OpenTelemetry (extra `otel`): one trace follows a mention through all stages, whichever process works on it.

The trace's id is a keyed digest of the mention's id, so that every process adds to the same trace without being told.
Spans hold names of steps and numbers of rows, nothing of a person. Where no exporter is set nothing is traced, and
nothing is paid for it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import structlog

from config.mistakes import ConfigurationError

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer, TracerProvider

log = structlog.get_logger(__name__)
ASKED_BY = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
MISSING = "traces need the extra: pip install 'kintsugi-recovery[otel]'"


class Traces:
    """Where spans go. Without a provider they go nowhere."""

    def __init__(self, provider: TracerProvider | None, key: bytes) -> None:
        self._tracer: Tracer | None = provider.get_tracer("kintsugi") if provider is not None else None
        self._key = key

    @property
    def on(self) -> bool:
        """Whether anybody wants spans."""
        return self._tracer is not None

    def add(self, step: str, mentions: Iterable[int], started: int, ended: int, error: str | None = None) -> None:
        """One span a mention. Moments are nanoseconds since 1970; `error` is the name of what was raised."""
        if self._tracer is None:
            return
        from opentelemetry.trace import Status, StatusCode, set_span_in_context
        from opentelemetry.trace.span import NonRecordingSpan, SpanContext, TraceFlags

        for mention in mentions:
            # Every span hangs below one that nobody makes: whoever comes first cannot know that it is the first.
            parent = SpanContext(
                trace_id_of(self._key, mention), _digest(self._key, b"span", mention, 8), True, TraceFlags(1)
            )
            span = self._tracer.start_span(
                step,
                context=set_span_in_context(NonRecordingSpan(parent)),
                start_time=started,
                attributes={"kintsugi.mention": mention},
            )
            if error is not None:
                span.set_status(Status(StatusCode.ERROR, error))
            span.end(ended)


def trace_id_of(key: bytes, mention: int) -> int:
    """The id of the trace of a mention, for an installation with this key."""
    return _digest(key, b"trace", mention, 16)


def opened_traces(key: bytes) -> Traces:
    """Traces to the exporter that the usual environment variables name. Raises ConfigurationError without the extra."""
    if not any(os.environ.get(name) for name in ASKED_BY):
        return Traces(None, key)
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError:
        raise ConfigurationError([MISSING]) from None
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME", "kintsugi")}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(provider, key)


def _digest(key: bytes, what: bytes, mention: int, size: int) -> int:
    found = hmac.new(key, what + b"\x00%d" % mention, hashlib.sha256).digest()
    return int.from_bytes(found[:size], "big")
