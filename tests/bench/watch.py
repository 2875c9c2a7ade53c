"""A million instalments under watch, twenty thousand of them due: how long until every broken plan is found and said.

Negotiation alone, on a database of its own; as many processes as there are cores sweep at once, 500 cases at a time.
The baseline changes the same rows by plain SQL: what the database alone costs.
"""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from multiprocessing import get_context
from typing import Any

import asyncpg

from deploy.local.folder import LocalFolder
from deploy.local.stack import Stack, StackOptions
from services.negotiation.adapters import rows
from services.negotiation.adapters.work import BeginWork
from services.negotiation.application.agree_plan import instalment_rows
from services.negotiation.application.announcements import seal
from services.negotiation.application.detect_defaults import BATCH_MAX, detect_defaults
from services.negotiation.application.ports import Plan
from services.negotiation.domain.case_file import Assessment, CaseFile, CurrentPlan, Mandate
from services.negotiation.domain.ledger import BUCKETS, Books, Buckets, Payment
from services.negotiation.domain.plan import stand
from services.negotiation.domain.terms import Outline, Terms, draw_up
from shared.db.database import open_database, service_url
from shared.kernel.clock import FrozenClock
from shared.kernel.identifiers import new_id
from tests.support.databases import service_databases
from tests.support.events import HARBOUR_CREDIT

INSTALMENTS = 10
PARTLY_PAID = 4
"""One due plan in so many has part of its money: the sweep has payments to read."""
AGREED = datetime(2026, 2, 2, 15, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
DUE, LATER = date(2026, 3, 16), date(2026, 4, 16)
FILLED_AT_ONCE = 10_000
DUE_SHARE = 50

Rows = dict[str, list[tuple[Any, ...]]]
_COLUMNS = {
    "cases": rows.CASE_COLUMNS,
    "plans": rows.PLAN_COLUMNS,
    "instalments": rows.INSTALMENT_COLUMNS,
    "payments": rows.PAYMENT_COLUMNS,
}


async def measure(folder: LocalFolder, instalments: int, say: Callable[[str], None]) -> dict[str, float]:
    """Seconds of the sweep and of plain SQL, and how many times as long we take.

    `watch_processor_s` is the processor time of the sweeping processes together, without PostgreSQL's: a busy machine
    changes it least.
    """
    options = StackOptions(folder=folder.part("bench-watch"), with_services=False, with_traces=False)
    name = f"b{new_id().hex[-8:]}"
    async with Stack(options) as stack, service_databases(stack.database_url, name, "negotiation") as databases:
        say(f"watch: {instalments} instalments are filled in")
        due = instalments // DUE_SHARE
        await _fill(databases.url, instalments // INSTALMENTS, due)
        say(f"watch: {due} of them are due")
        seconds, processor = await _timed(databases.url, due, _sweep)
        await _as_before(databases.url)
        raw, _ = await _timed(databases.url, due, _update)
    return {
        "watch_due": float(due),
        "watch_s": seconds,
        "watch_processor_s": processor,
        "watch_raw_s": raw,
        "watch_times_raw": seconds / raw,
    }


async def _timed(url: str, due: int, task: Callable[[str], float]) -> tuple[float, float]:
    """The sweep itself, without the start of the processes: from the first transaction to the last, and the work."""
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        await asyncio.to_thread(lambda: list(pool.map(_warm, [url] * cores)))
        begun = time.perf_counter()
        processor = sum(await asyncio.to_thread(lambda: list(pool.map(task, [url] * cores))))
        seconds = time.perf_counter() - begun
    connection = await asyncpg.connect(_address(url))
    said = await connection.fetchval("SELECT count(*) FROM outbox WHERE topic = 'default.detected'")
    await connection.close()
    if said != due:
        raise AssertionError(f"{said} of {due} broken plans were said")
    return seconds, processor


def _warm(url: str) -> int:
    swept = asyncio.run(_sweep_in(url, 0))
    # As every process of a service does when it has started.
    gc.collect()
    gc.freeze()
    return swept


def _sweep(url: str) -> float:
    begun = time.process_time()
    asyncio.run(_sweep_in(url, BATCH_MAX))
    return time.process_time() - begun


async def _sweep_in(url: str, limit: int) -> int:
    database = open_database(url, "negotiation", FrozenClock(NOW), role="concord_worker", pool_size=2)
    begin, swept = BeginWork(database), 0
    while done := await detect_defaults(begin, limit=limit):
        swept += done
    await database.close()
    return swept


async def _fill(url: str, cases: int, due: int) -> None:
    """By COPY, as the server's own administrator: the books let nobody else."""
    connection = await asyncpg.connect(_address(url))
    every = cases // due
    for start in range(0, cases, FILLED_AT_ONCE):
        filled: Rows = {table: [] for table in _COLUMNS}
        for number in range(start, min(start + FILLED_AT_ONCE, cases)):
            for table, row in _case(is_due=number % every == 0, is_part_paid=number % (every * PARTLY_PAID) == 0):
                filled[table].append(row)
        for table, records in filled.items():
            await connection.copy_records_to_table(table, records=records, columns=list(_COLUMNS[table]))
    await connection.execute("VACUUM (ANALYZE)")
    await connection.close()


def _case(*, is_due: bool, is_part_paid: bool) -> Iterator[tuple[str, tuple[Any, ...]]]:
    case = replace(_TEMPLATE, case_id=new_id(), plan=CurrentPlan(new_id(), "active"))
    assert case.plan is not None
    terms, sealed = _TERMS[is_due]
    plan = Plan(case.plan.plan_id, case.case_id, case.creditor_id, None, None, terms, sealed, "active", AGREED)
    payment = Payment(new_id(), 1_000, DUE, Buckets(fees=1_000), 0, plan_id=plan.plan_id)
    standing = stand(terms, [payment] if is_part_paid else [], now=AGREED, zones=case.zones)
    yield "cases", rows.case_row(case)
    yield "plans", rows.plan_row(plan)
    for instalment in instalment_rows(plan, standing, case.zones):
        yield "instalments", rows.instalment_row(instalment)
    if is_part_paid:
        fixed = (
            payment.payment_id,
            case.case_id,
            case.creditor_id,
            plan.plan_id,
            "USD",
            payment.amount,
            DUE,
            AGREED,
            "creditor",
        )
        yield "payments", (*fixed, *rows.payment_state(payment))


def _terms(first_due_on: date) -> tuple[Terms, str]:
    outline = Outline("instalments", 125_500, 0, INSTALMENTS, first_due_on)
    terms = draw_up(outline, currency="USD", grace_days=3)
    return terms, seal(terms)


_TERMS = {True: _terms(DUE), False: _terms(LATER)}
_TEMPLATE = CaseFile(
    case_id=new_id(),
    creditor_id=HARBOUR_CREDIT,
    language="en",
    currency="USD",
    jurisdiction="US",
    candidate_zones=("America/New_York",),
    mandate=Mandate(2_000, 24, 2_500, 3, BUCKETS, 3),
    regular_instalment=5_000,
    books=Books(Buckets(1_500, 4_000, 120_000)),
    assessment=Assessment("C", "mid", "cash_flow_gap", 30_000),
)


async def _as_before(url: str) -> None:
    connection = await asyncpg.connect(_address(url))
    await connection.execute(
        "UPDATE instalments i SET is_watched = true FROM plans p "
        "WHERE p.plan_id = i.plan_id AND p.status = 'defaulted' AND i.number = 1; "
        "UPDATE cases SET plan_status = 'active', defaults = 0 WHERE plan_status = 'defaulted'; "
        "UPDATE plans SET status = 'active', ended_at = NULL WHERE status = 'defaulted'; "
        "TRUNCATE outbox, outbox_sequences, playbook_steps, playbook_runs"
    )
    await connection.execute("VACUUM (ANALYZE)")
    await connection.close()


_RAW = """
WITH due AS (
    SELECT c.case_id, c.creditor_id, c.plan_id FROM instalments i JOIN cases c USING (case_id)
    WHERE i.is_watched AND i.watch_at <= $1 AND c.plan_status = 'active'
    ORDER BY i.watch_at LIMIT $2 FOR UPDATE OF c SKIP LOCKED
), changed AS (
    UPDATE cases c SET plan_status = 'defaulted', defaults = defaults + 1 FROM due WHERE c.case_id = due.case_id
), broken AS (
    UPDATE plans p SET status = 'defaulted', ended_at = $1 FROM due WHERE p.plan_id = due.plan_id
), unwatched AS (
    UPDATE instalments i SET is_watched = false FROM due WHERE i.plan_id = due.plan_id AND i.is_watched
), recorded AS (
    INSERT INTO playbook_steps (plan_id, step, at, case_id, creditor_id)
    SELECT plan_id, 'detected', $1, case_id, creditor_id FROM due
), run AS (
    INSERT INTO playbook_runs (run_id, plan_id, case_id, creditor_id, begun_at, reassess_by, is_awaited, steps)
    SELECT gen_random_uuid(), plan_id, case_id, creditor_id, $1, $1, true, '[]' FROM due
), numbered AS (
    INSERT INTO outbox_sequences (topic, key, last) SELECT 'default.detected', case_id::text, 1 FROM due
), said AS (
    INSERT INTO outbox (event_id, topic, key, sequence, headers, value)
    SELECT gen_random_uuid(), 'default.detected', case_id::text, 1, repeat('h', 400), repeat('v', 400)::bytea FROM due
)
SELECT count(*) FROM due
"""


def _update(url: str) -> float:
    begun = time.process_time()
    asyncio.run(_update_in(url))
    return time.process_time() - begun


async def _update_in(url: str) -> int:
    connection = await asyncpg.connect(_address(url))
    changed = 0
    while done := await connection.fetchval(_RAW, NOW, BATCH_MAX):
        changed += done
    await connection.close()
    return changed


def _address(url: str) -> str:
    return service_url(url, "negotiation").set(drivername="postgresql").render_as_string(hide_password=False)
