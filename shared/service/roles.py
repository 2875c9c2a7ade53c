"""The roles of a service as processes: `python -m services.<name> api|subscriber|relay|timers|migrate|dead-letters`.

Each is its own process, so that one can die without the others. All serve /live, /ready and /metrics.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
from collections.abc import Callable, Sequence

import structlog
import uvicorn
import uvloop

from shared.db.database import open_database, service_url
from shared.db.migrations import migrate
from shared.kernel.clock import Clock, SandboxClock, SystemClock
from shared.messaging import dead_letters
from shared.messaging.backoff import Backoff, is_transient
from shared.messaging.batch import BatchHandler
from shared.messaging.failure_limit import TooManyQuarantines
from shared.messaging.kafka import bootstrap_list
from shared.messaging.subscriber import Subscriber
from shared.messaging.topics import prefixed, read_topics, verify_topics
from shared.outbox.relay import Relay, replay
from shared.service import timers
from shared.service.app import build_app
from shared.service.background import EXIT_FAILED, EXIT_ON_PURPOSE, run_until_signal
from shared.service.logs import set_up_logs
from shared.service.service import AnyService, Platform
from shared.service.settings import ServiceSettings
from shared.tracing.setup import set_up_tracing

ROLES = ("api", "subscriber", "relay", "timers")
USAGE = """usage: python -m services.{name} ROLE
  api                       the HTTP interface
  subscriber                handles events from Kafka
  relay                     brings announced events to Kafka
  relay --replay-since T    mark what was published since T (ISO 8601) to be sent again
  timers                    does what has become due
  migrate                   create or bring up to date the database
  dead-letters ...          list, show, release, discard cases in quarantine"""

log = structlog.get_logger("concord.roles")


def run_service(service: AnyService, arguments: Sequence[str] | None = None) -> None:
    """The body of every `__main__`. Ends the process."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    match words:
        case ["migrate"]:
            asyncio.run(migrate(service.settings.database_url, service.name, service.migrations, service.metadata))
        case ["relay", "--replay-since", since]:
            url = service_url(service.settings.database_url, service.name)
            count = asyncio.run(replay(url, since))
            sys.stdout.write(f"{count} events will be sent again\n")
        case ["dead-letters", *rest]:
            status, lines = asyncio.run(_dead_letters(service, rest))
            sys.stdout.write("\n".join(lines) + "\n")
            raise SystemExit(status)
        case [role] if role in ROLES:
            _run_role(service, role)
        case _:
            sys.stderr.write(USAGE.format(name=service.name) + "\n")
            raise SystemExit(2)


def open_clock(settings: ServiceSettings) -> Clock:
    return SandboxClock(settings.sandbox_clock_file) if settings.sandbox_clock_file else SystemClock()


def _run_role(service: AnyService, role: str) -> None:
    settings = service.settings
    set_up_logs(service.name, role, settings.log_level)
    set_up_tracing(
        service.name,
        role,
        otlp_endpoint=settings.otel_exporter_otlp_endpoint,
        zipkin_endpoint=settings.zipkin_endpoint,
    )
    # What is imported stays; the collector need not look at it again and again, nor at every batch's objects, which
    # reference counting frees by itself.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    status = 0
    try:
        uvloop.run(_role(service, role))
    except TooManyQuarantines as error:
        log.critical("role.stopped_on_purpose", reason=str(error))
        status = EXIT_ON_PURPOSE
    except BaseException as error:
        log.critical("role.failed", exc_info=error)
        status = EXIT_FAILED
    sys.stdout.flush()
    # No tidying of clients that may hang: the relay above all must not touch a failed producer again.
    os._exit(status)


async def _role(service: AnyService, role: str) -> None:
    settings = service.settings
    database = open_database(
        settings.database_url,
        service.name,
        open_clock(settings),
        role="concord_api" if role == "api" else "concord_worker",
        pool_size=settings.database_pool_size if role in ("api", "timers") else 3,
        application=f"{service.name}-{role}",
    )
    platform = Platform(role=role, clock=open_clock(settings), database=database)
    await _wait_for_database(platform)
    if role == "api":
        await _serve_api(service, platform)
    elif role == "relay":
        await _with_health(service, platform, _relay(service))
    else:
        async with service.open_resources(platform) as resources:
            work = (
                await _subscriber(service, platform, resources)
                if role == "subscriber"
                else timers.Timers(service.timers(resources))
            )
            await _with_health(service, platform, work)
    await database.close()


async def _wait_for_database(platform: Platform) -> None:
    backoff = Backoff()
    while True:
        try:
            async with platform.database.transaction():
                return
        except Exception as error:
            if not is_transient(error) or backoff.is_exhausted():
                raise
            await backoff.wait()


async def _subscriber(service: AnyService, platform: Platform, resources: object) -> Subscriber:
    handler = batch_handler(service, platform, resources)
    bootstrap = bootstrap_list(service.settings.kafka_bootstrap_servers)
    partitions = read_topics()[0].partitions
    prefix = service.settings.topic_prefix
    await verify_topics(bootstrap, prefixed(prefix, handler.topics), partitions=partitions)
    return Subscriber(
        handler, bootstrap, partitions=partitions, client_id=f"{service.name}-{os.getpid()}", prefix=prefix
    )


def batch_handler(service: AnyService, platform: Platform, resources: object) -> BatchHandler:
    return BatchHandler(
        platform.database, service.name, service.subscriptions(resources), service.on_quarantine(resources)
    )


def _relay(service: AnyService) -> Relay:
    settings = service.settings
    url = service_url(settings.database_url, service.name)
    return Relay(
        url, bootstrap_list(settings.kafka_bootstrap_servers), service=service.name, prefix=settings.topic_prefix
    )


async def _with_health(service: AnyService, platform: Platform, work: Subscriber | Relay | timers.Timers) -> None:
    """Run the work beside a small server; whichever ends first ends the process."""
    server = _server(service, platform, lambda: server.should_exit)
    serving = asyncio.create_task(server.serve())
    working = asyncio.create_task(run_until_signal(work.run(), work.stop))
    await asyncio.wait({serving, working}, return_when=asyncio.FIRST_COMPLETED)
    if not working.done():
        raise RuntimeError("the health server ended")
    server.should_exit = True
    await working
    await serving


async def _serve_api(service: AnyService, platform: Platform) -> None:
    server = _server(service, platform, lambda: server.should_exit)

    def stop() -> None:
        server.should_exit = True

    await run_until_signal(server.serve(), stop)


def _server(service: AnyService, platform: Platform, is_stopping: Callable[[], bool]) -> uvicorn.Server:
    settings = service.settings
    config = uvicorn.Config(
        build_app(service, platform, is_stopping=is_stopping),
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        # Longer than a client keeps an idle connection (httpx: 5 s): the client must be the one that closes first, or
        # a request meets a connection that is just being closed.
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
        limit_concurrency=1_000,
        h11_max_incomplete_event_size=64 * 1024,
    )
    server = uvicorn.Server(config)
    # Signals are ours: uvicorn would raise them again after its shutdown and skip the rest of ours.
    server.capture_signals = contextlib.nullcontext  # type: ignore[assignment,method-assign]  # uvicorn has no switch
    return server


async def _dead_letters(service: AnyService, arguments: Sequence[str]) -> tuple[int, list[str]]:
    settings = service.settings
    database = open_database(settings.database_url, service.name, open_clock(settings), role="concord_worker")
    platform = Platform(role="dead-letters", clock=open_clock(settings), database=database)
    try:
        async with service.open_resources(platform) as resources:
            return await dead_letters.run(batch_handler(service, platform, resources), arguments)
    finally:
        await database.close()
