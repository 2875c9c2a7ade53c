"""The main job from its first process to the last line of its summary."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import psutil

from deploy.local.errors import StackInterrupted
from deploy.local.folder import LocalFolder
from deploy.local.ports import HOST, Ports
from deploy.local.services import ROLES
from deploy.local.stack import Stack, StackOptions
from deploy.sandbox.addresses import addresses_of
from deploy.sandbox.calendar import STARTS_AT
from deploy.sandbox.calls import Caller
from deploy.sandbox.driver import Driver
from deploy.sandbox.due import DUE
from deploy.sandbox.event_checks import once_each
from deploy.sandbox.figures import figures_of
from deploy.sandbox.hiring import hire_staff
from deploy.sandbox.invariants import Evidence, check_all
from deploy.sandbox.lender_desk import LenderDesk
from deploy.sandbox.lenders import take_on
from deploy.sandbox.mailbox import serve_mailbox
from deploy.sandbox.news import News
from deploy.sandbox.payers import Payers
from deploy.sandbox.placement_lists import Lists, built_in_lists, lists_from
from deploy.sandbox.placing import Placed, place_list
from deploy.sandbox.population import Population
from deploy.sandbox.portal import Portal
from deploy.sandbox.post_office import PostOffice
from deploy.sandbox.privacy import personal_values
from deploy.sandbox.progress import Progress
from deploy.sandbox.proof import prove
from deploy.sandbox.provider import serve_provider
from deploy.sandbox.quiet import QuietWatch
from deploy.sandbox.relief_desk import ReliefDesk
from deploy.sandbox.remitting import BookKeepers
from deploy.sandbox.replaying import replay
from deploy.sandbox.run_options import RunOptions
from deploy.sandbox.staff_desk import StaffDesk
from deploy.sandbox.summary import Outcome, as_document, as_text
from deploy.sandbox.topic_reader import read_everything
from shared.kernel.clock import SandboxClock

LICENCE_DAYS = 1_095
DECISIONS_FILE = "decisions.zip"
TRACED_SHARE = "0.02"
"""Of what does not begin with a lender's sampled call: the traces of a whole run do not fit into Zipkin's memory."""


@dataclass(slots=True)
class World:
    """What one run has at hand."""

    options: RunOptions
    progress: Progress
    clock: SandboxClock
    caller: Caller
    post_office: PostOffice
    stack: Stack
    placed: Placed = field(default_factory=Placed)


async def run(options: RunOptions) -> int:
    """The exit code: 0 if every invariant holds, 1 if not, 128 + signal where a signal ended it early."""
    lists = built_in_lists(options.seed, options.cases) if options.data is None else lists_from(options.data)
    outcome: Outcome | None = None
    mine: list[psutil.Process] = []
    with Progress(options.days, options.lang) as progress:
        try:
            async with _world(options, progress) as world:
                outcome = await _live_through(world, lists)
                mine = _processes(world.stack)
                if not options.exits:
                    _tell(outcome, options, progress)
                    progress.say("Ctrl-C ends it." if options.lang == "en" else "按 Ctrl-C 结束。")
                    await asyncio.Event().wait()
        except StackInterrupted as interrupted:
            progress.say(str(interrupted))
            if outcome is None:
                return interrupted.exit_code
        assert outcome is not None
        left = _still_there(mine)
        outcome = replace(outcome, invariants={**outcome.invariants, "no_process_left": left})
        if options.exits:
            _tell(outcome, options, progress)
        elif left:
            progress.say(left)
        return 0 if outcome.holds else 1


@contextlib.asynccontextmanager
async def _world(options: RunOptions, progress: Progress) -> AsyncIterator[World]:
    post_office, ports, folder = PostOffice(options.seed), Ports(progress.say), LocalFolder.main()
    async with contextlib.AsyncExitStack() as exits:
        exits.callback(ports.release)
        clock_file = exits.enter_context(_clock_file(folder))
        clock = SandboxClock.create(clock_file, STARTS_AT)
        smtp_port = await exits.enter_async_context(serve_mailbox(post_office, ports))
        provider_url = await exits.enter_async_context(serve_provider(post_office, ports))
        environment = {
            "SANDBOX_CLOCK_FILE": str(clock_file),
            "SMTP_HOST": HOST,
            "SMTP_PORT": str(smtp_port),
            "SIMULATOR_URL": provider_url,
            "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
            "OTEL_TRACES_SAMPLER_ARG": TRACED_SHARE,
        }
        stack = await exits.enter_async_context(
            Stack(StackOptions(folder=folder, service_environment=environment, say=progress.say))
        )
        caller = Caller(clock)
        exits.push_async_callback(caller.close)
        yield World(options, progress, clock, caller, post_office, stack)


@contextlib.contextmanager
def _clock_file(folder: LocalFolder) -> Iterator[Path]:
    """A file of its own for each run: a second run in the same folder must not move the first one's clock."""
    path = folder.root / f"clock-{os.getpid()}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


async def _live_through(world: World, lists: Lists) -> Outcome:
    options, stack, caller = world.options, world.stack, world.caller
    started_at = time.monotonic()
    urls = stack.addresses
    portal = Portal(caller, urls["negotiation"])
    population = Population(options.seed, caller, world.post_office, urls["outreach"], portal)
    expires_on = (STARTS_AT + timedelta(days=LICENCE_DAYS)).date()
    lenders = {name: await take_on(profile, caller, urls["intake"], expires_on) for name, (profile, _) in lists.items()}
    await hire_staff(caller, urls["outreach"], STARTS_AT.date())
    async with QuietWatch(stack.database_url, stack.kafka_bootstrap.split(","), DUE) as watch:
        book_keepers = BookKeepers(caller, urls["negotiation"], settle=lambda: watch.wait(world.clock.now()))
        for lender in lenders.values():
            await book_keepers.agree_fees(lender, STARTS_AT.date())
        for name, (_, file) in lists.items():
            await place_list(
                options.seed,
                lenders[name],
                file,
                population,
                world.post_office,
                world.placed,
                settle=lambda: watch.wait(world.clock.now()),
            )
        world.progress.say(f"{len(world.placed.cases)} of {world.placed.sent} records accepted")
        lender_desk = LenderDesk(options.seed, lenders, population.borrowers)
        staff_desk = StaffDesk(options.seed, caller, urls["outreach"], population.borrowers)
        news = News(
            options.seed,
            caller,
            urls["intake"],
            lenders,
            population.borrowers,
            lender_desk.recalled,
            world.post_office,
        )
        relief_desk = ReliefDesk(options.seed, caller, urls["negotiation"], lenders, population)
        payers = Payers(options.seed, portal, population.borrowers)
        driver = Driver(
            world.clock, watch, lender_desk, news, staff_desk, relief_desk, payers, population, world.progress
        )
        await driver.run(options.days)
        await book_keepers.remit(lenders.values(), world.clock.now().date())
        world.progress.finish()
        heard, dead_letters = await read_everything(watch.bootstrap, watch.topics)
        folder, environment = LocalFolder.main().root, stack.common_environment()
        proof = await prove(folder / DECISIONS_FILE, environment)
        replayed = await replay(caller, urls["reporting"], folder / f"journal-{os.getpid()}.ndjson", environment)
        evidence = Evidence(
            databases=watch.connections,
            heard=heard,
            dead_letters=dead_letters,
            accepted=world.placed.cases,
            personal=news.addresses | _personal_values(lists),
            caller=caller,
            reporting_url=urls["reporting"],
            proof=proof,
            replayed=replayed,
        )
        return Outcome(
            placed=world.placed.sent,
            accepted=len(world.placed.cases),
            rejected=world.placed.rejected,
            figures=figures_of(once_each(heard)),
            playbooks=await _playbooks(watch),
            refused_acts=population.refusals + lender_desk.refusals + payers.refusals + relief_desk.refusals,
            restarts=_restarts(stack),
            invariants=await check_all(evidence),
            addresses=addresses_of(urls, world.placed.traces, population.borrowers.values())
            | {"decisions": str(proof.path)},
            proof=proof,
            simulated_days=options.days,
            seconds=time.monotonic() - started_at,
            seed=options.seed,
        )


def _personal_values(lists: Lists) -> frozenset[str]:
    return personal_values(line.record for _, file in lists.values() for line in file.lines if line.record)


async def _playbooks(watch: QuietWatch) -> Mapping[str, int]:
    """How many broken plans reached each step of the default playbook."""
    rows = await watch.connections["negotiation"].fetch(
        "SELECT step, count(*) AS n FROM playbook_steps GROUP BY step ORDER BY step"
    )
    return {row["step"]: row["n"] for row in rows}


def _restarts(stack: Stack) -> dict[str, int]:
    """Process -> how often it ended and was started again; those that never did are left out."""
    counts = {f"{service}-{role}": stack.restarts(service, role) for service, roles in ROLES.items() for role in roles}
    return {name: count for name, count in counts.items() if count}


def _tell(outcome: Outcome, options: RunOptions, progress: Progress) -> None:
    progress.say(as_text(outcome, options.lang))
    if options.summary is not None:
        document = json.dumps(as_document(outcome), ensure_ascii=False, indent=2)
        options.summary.write_text(document + "\n", encoding="utf-8")


def _processes(stack: Stack) -> list[psutil.Process]:
    """Everything that runs for this stack, as it is known before it is stopped."""
    ours = psutil.Process().children(recursive=True)
    known = {process.pid for process in ours}
    for process in stack.processes().values():
        if process.is_running and process.pid not in known:
            with contextlib.suppress(psutil.NoSuchProcess):
                ours.append(psutil.Process(process.pid))
    return ours


def _still_there(processes: list[psutil.Process]) -> str:
    """Compared by start time as well, so that a stranger with a reused number is not blamed."""
    _, alive = psutil.wait_procs(processes, timeout=2)
    left = [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    left += [process for process in psutil.Process().children(recursive=True) if process not in left]
    return f"{len(left)} processes are left: {', '.join(str(process.pid) for process in left)}" if left else ""
