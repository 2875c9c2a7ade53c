"""After a stop nothing leaves: whatever crashes, comes twice, late or in another order, wherever the stop comes from.

Many short lives of a case are played on a real database. In each, a contact is under way when a stop is committed, at a
moment drawn from a seed. The judge looks at nothing but the provider's log and the moment of the stop's commit: what
arrives after it must have been handed over before it, and arrives once. Planted bugs show that the judge can see.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.outreach.adapters.attempts import AttemptRepository
from services.outreach.adapters.case_files import CaseFileRepository
from services.outreach.application import apply_holds, attempt_contacts, carry_out_contacts
from services.outreach.application.apply_holds import apply_hold
from services.outreach.application.channel_ports import HandingOver
from services.outreach.application.contact_ports import UNCLEAR, Message
from services.outreach.application.send_answers import send_answers
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.kernel.identifiers import new_id
from tests.integration.outreach import stops
from tests.integration.outreach.desk import Desk, PretendCarriers
from tests.support.events import case_assessed, case_received

LIVES = 11
"""Lives of a case for every kind of stop; each has its own seed."""
CLOCK_STEPS = (timedelta(minutes=6), timedelta(hours=2), timedelta(days=1), timedelta(days=3))


class Died(BaseException):
    """Stands for the death of the process: nothing after it runs."""


@dataclass
class Watch:
    """What was handed over already when the stop was committed, seen in its own transaction."""

    cases: Sequence[UUID]
    handed_over: set[UUID] | None = None
    arrivals_before: int = 0


WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)


@dataclass
class Provider(PretendCarriers):
    """Keeps the log that the judge reads, and lets something happen just before and just after it takes a message."""

    arrivals: list[UUID] = field(default_factory=list)
    before: Callable[[], Awaitable[None]] | None = None
    between: Callable[[], Awaitable[None]] | None = None
    """After a first provider has taken nothing, before a second one is given it."""
    after: Callable[[], Awaitable[None]] | None = None

    async def send(self, messages: Sequence[Message], handing_over: HandingOver) -> dict[UUID, str]:
        await _once(self, "before")
        if self.between is not None:
            await handing_over({message.attempt_id: "first" for message in messages})
            await _once(self, "between")
        taken_before = len(self.asked_for)
        answers = await super().send(messages, handing_over)
        if not self.is_down:
            self.arrivals.extend(self.asked_for[taken_before:])
        await _once(self, "after")
        return answers


async def _once(owner: Any, name: str) -> None:
    todo = getattr(owner, name)
    setattr(owner, name, None)
    if todo is not None:
        await todo()


@dataclass
class Life:
    """One case, perhaps another of the same human being with another lender, and what stops the contact."""

    desk: Desk
    provider: Provider
    throw: random.Random
    case_id: UUID
    person_id: UUID
    other_id: UUID | None = None
    """A case of the same human being with another lender, to which the stop is given."""


Stop = Callable[[Life], Awaitable[None]]


def _said(body: Callable[[UUID, UUID], EventBody]) -> Stop:
    """An event, which may come twice in one batch and once more later."""

    async def stop(life: Life) -> None:
        announced = body(life.case_id, life.person_id)
        await life.desk.deliver(*[announced] * life.throw.choice((1, 2)))

    return stop


def _replied(text: str, channel: str = "sms", *, elsewhere: bool = False) -> Stop:
    async def stop(life: Life) -> None:
        reference = f"stop-{life.case_id}"
        to = life.other_id if elsewhere else life.case_id
        for _ in range(life.throw.choice((1, 2))):
            await life.desk.reply(text, case_id=to, channel=channel, reference=reference)

    return stop


def _held(kind: str, *, elsewhere: bool = False) -> Stop:
    async def stop(life: Life) -> None:
        to = life.other_id if elsewhere else life.case_id
        assert to is not None
        await apply_hold(life.desk.resources, to, kind, None)

    return stop


STOPS: dict[str, Stop] = {
    "recalled": _said(lambda case_id, _: stops.case_recalled(case_id)),
    "closed": _said(lambda case_id, _: stops.case_closed(case_id)),
    "completed": _said(lambda case_id, _: stops.plan_completed(case_id)),
    "plan agreed": _said(lambda case_id, _: stops.plan_agreed(case_id)),
    "relief requested": _said(lambda case_id, _: stops.relief_requested(case_id)),
    "relief granted": _said(lambda case_id, _: stops.relief_granted(case_id)),
    "paid": _said(lambda case_id, _: stops.paid_in_full(case_id)),
    "corrected to nothing": _said(lambda case_id, _: stops.corrected_to_nothing(case_id)),
    "addresses gone": _said(stops.addresses_gone),
    "erased": _said(stops.person_erased),
    "cease": _replied("Stop contacting me about this."),
    "dispute": _replied("I dispute this debt, I do not owe it."),
    "hardship": _replied("I lost my job and cannot pay."),
    "death": _replied("My father has passed away."),
    "bankruptcy": _replied("I have filed for bankruptcy, case 26-10155."),
    "representation": _replied("Talk to my attorney."),
    "distress": _replied("I want to end my life."),
    "deceased (staff)": _held("deceased"),
    "bankruptcy (staff)": _held("bankruptcy"),
    "moratorium (staff)": _held("moratorium"),
    "complaint (staff)": _held("complaint"),
    "critical conduct (staff)": _held("critical_conduct"),
    "cease elsewhere": _replied("Stop contacting me about this.", elsewhere=True),
    "death elsewhere": _held("deceased", elsewhere=True),
    "bankruptcy elsewhere": _held("bankruptcy", elsewhere=True),
    "moratorium elsewhere": _held("moratorium", elsewhere=True),
}
ELSEWHERE = {"cease elsewhere", "death elsewhere", "bankruptcy elsewhere", "moratorium elsewhere"}
PLACES = (
    "before the sweep",
    "after_reserve dies",
    "while the vault is asked",
    "before_provider dies",
    "while the provider is asked",
    "while it fails over",
    "after the provider took it",
    "after_provider dies",
    "provider is down",
    "provider is unclear",
    "at the same time",
)


@pytest.fixture(autouse=True)
def watched_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stop's own commit looks at what is handed over, while it still holds its locks."""
    commit = Transaction.commit

    async def watching(self: Transaction) -> None:
        watch = WATCH.get()
        if watch is None or watch.handed_over is not None:
            await commit(self)
            return
        driver = await self.driver()
        rows = await driver.fetch(
            "SELECT attempt_id FROM attempts WHERE state = 'sending' AND case_id = ANY($1::uuid[])", list(watch.cases)
        )
        watch.handed_over = {row["attempt_id"] for row in rows}
        await commit(self)

    monkeypatch.setattr(Transaction, "commit", watching)


@contextlib.contextmanager
def dying_at(place: str | None) -> Iterator[None]:
    def visit(name: str) -> None:
        if name == place:
            raise Died

    with pytest.MonkeyPatch.context() as patch:
        for module in (attempt_contacts, carry_out_contacts):
            patch.setattr(module, "fault_point", visit)
        yield


async def open_life(desk: Desk, provider: Provider, kind: str, throw: random.Random) -> Life:
    body = case_received()
    life = Life(desk, provider, throw, body.case_id, body.person_id)
    human = new_id().bytes
    desk.vault.humans[body.person_id] = human
    if kind in ELSEWHERE or throw.random() < 0.3:
        other = case_received().model_copy(update={"creditor_id": new_id()})
        desk.vault.humans[other.person_id] = human
        life.other_id = other.case_id
        await desk.deliver(other)
    await desk.deliver(body)
    # A ladder that begins with a text message or with mail; assessed twice does no harm.
    strategy = throw.choice(("standard", "plan_rescue"))
    await desk.deliver(*[case_assessed(life.case_id, strategy=strategy)] * throw.choice((1, 2)))
    return life


async def sweep(desk: Desk) -> None:
    with contextlib.suppress(Died):
        await desk.sweep()


async def live(life: Life, stop: Stop, place: str) -> Watch:
    """One contact under way, and the stop at that place; answers with what the stop's commit saw."""
    desk, provider, throw = life.desk, life.provider, life.throw
    watch = Watch([life.case_id])

    async def stopping() -> None:
        if throw.random() < 0.5:
            await asyncio.sleep(0)
        token = WATCH.set(watch)
        try:
            await stop(life)
        finally:
            WATCH.reset(token)
        watch.arrivals_before = len(provider.arrivals)

    async def stopping_apart() -> None:
        # In a task of its own, as another process is: the sweep that waits here holds no lock of it.
        await asyncio.create_task(stopping())

    dies = place.split(" dies")[0] if place.endswith("dies") else None
    provider.is_down, provider.answer = place == "provider is down", UNCLEAR if place == "provider is unclear" else None
    if place == "before the sweep":
        await stopping_apart()
    elif place == "while the vault is asked":
        desk.vault.on_reveal = _only_once(desk, stopping_apart)
    elif place == "while the provider is asked":
        provider.before = stopping_apart
    elif place == "while it fails over":
        provider.between = stopping_apart
    elif place == "after the provider took it":
        provider.after = stopping_apart
    with dying_at(f"outreach.{dies}" if dies else None):
        if place == "at the same time":
            await asyncio.gather(sweep(desk), stopping_apart())
        else:
            await sweep(desk)
    desk.vault.on_reveal = provider.before = provider.between = provider.after = None
    if place == "while it fails over" and watch.handed_over is not None:
        watch.handed_over = set()  # the first provider has taken nothing, and the second was not given it
    if watch.handed_over is None:
        await stopping_apart()
    return watch


def _only_once(desk: Desk, todo: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    async def happen() -> None:
        desk.vault.on_reveal = None
        await todo()

    return happen


async def afterwards(life: Life, stop: Stop) -> None:
    """Days go by: dead processes are replaced, the provider works again, the stop comes once more."""
    desk = life.desk
    life.provider.is_down, life.provider.answer = False, None
    for step in life.throw.sample(CLOCK_STEPS, len(CLOCK_STEPS)):
        await desk.run(
            "UPDATE attempts SET lease_until = clock_timestamp() - interval '1 second' WHERE state <> 'settled'"
        )
        await desk.recover()
        desk.databases.clock.advance(step)
        await asyncio.gather(sweep(desk), sweep(desk), send_answers(desk.resources))
        if life.throw.random() < 0.2:
            await stop(life)


@dataclass(frozen=True)
class Breach:
    """An arrival after the stop that nobody had handed over before it, or one that came twice."""

    kind: str
    place: str
    seed: int
    what: str


async def judge(life: Life, watch: Watch, kind: str, place: str, seed: int) -> list[Breach]:
    """By the provider's log alone. Answers to the person's own message are asked for, and no part of this."""
    rows = await life.desk.rows(
        "SELECT a.attempt_id FROM attempts a LEFT JOIN due_answers d USING (attempt_id) "
        "WHERE a.case_id = $1 AND d.attempt_id IS NULL",
        life.case_id,
    )
    ours = {row["attempt_id"] for row in rows}
    late = [attempt_id for attempt_id in life.provider.arrivals[watch.arrivals_before :] if attempt_id in ours]
    assert watch.handed_over is not None
    found = [Breach(kind, place, seed, "left after the stop") for a in late if a not in watch.handed_over]
    twice = Counter(attempt_id for attempt_id in life.provider.arrivals if attempt_id in ours)
    return found + [Breach(kind, place, seed, "left twice") for count in twice.values() if count > 1]


async def play(
    desk: Desk, kinds: Collection[str] = tuple(STOPS), lives: int = LIVES
) -> tuple[list[Breach], Counter[str]]:
    """All kinds, each with as many seeds; answers with the breaches and what was under way at the stops."""
    provider = Provider()
    desk.carriers = provider
    desk.resources = replace(desk.resources, channels=provider)
    breaches: list[Breach] = []
    seen: Counter[str] = Counter()
    morning = desk.now
    async with desk.with_connections(6):
        for kind in kinds:
            for seed in range(lives):
                throw = random.Random(f"{kind} {seed}")
                place = PLACES[seed % len(PLACES)]
                # Every life begins at the same time of some day, when contact is allowed.
                desk.databases.clock.advance(-(desk.now - morning) % timedelta(days=1))
                life = await open_life(desk, provider, kind, throw)
                watch = await live(life, STOPS[kind], place)
                await afterwards(life, STOPS[kind])
                breaches += await judge(life, watch, kind, place, seed)
                seen["handed over before"] += bool(watch.handed_over)
                seen["arrived before"] += bool(watch.arrivals_before)
                await desk.run("DELETE FROM contact_plans")
                await desk.run("UPDATE due_answers SET state = 'refused', due_at = NULL WHERE state = 'due'")
    return breaches, seen


async def test_nothing_leaves_after_a_stop(desk: Desk) -> None:
    breaches, seen = await play(desk)
    assert breaches == []
    # The seeds reach what they are for: stops before, during and after the handing over.
    assert 40 <= seen["handed over before"] <= 200
    assert seen["arrived before"] > 20


async def _nothing(*_: Any, **__: Any) -> Any:
    return set()


def _without_the_last_question(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(carry_out_contacts, "withhold_overtaken", _nothing)
    patch.setattr(carry_out_contacts, "find_overtaken", _nothing)


def _blind_between_providers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(carry_out_contacts, "find_overtaken", _nothing)


def _without_taking_back(patch: pytest.MonkeyPatch) -> None:
    """Neither is reserved work taken back nor asked about again."""
    _without_the_last_question(patch)
    patch.setattr(AttemptRepository, "withdraw", _nothing)


def _only_in_its_own_case(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(apply_holds, "_for_other_cases", _list)


async def _list(*_: Any) -> list[Any]:
    return []


def _blind_to_holds(patch: pytest.MonkeyPatch) -> None:
    load = CaseFileRepository.load

    async def without_holds(self: CaseFileRepository, *given: Any, **more: Any) -> Any:
        files = await load(self, *given, **more)
        return {case_id: replace(file, holds=()) for case_id, file in files.items()}

    patch.setattr(CaseFileRepository, "load", without_holds)


@pytest.mark.parametrize(
    ("plant", "kinds"),
    [
        (_without_the_last_question, ("corrected to nothing", "addresses gone")),
        (_without_taking_back, ("recalled", "dispute", "death", "moratorium (staff)")),
        (_blind_between_providers, ("recalled", "representation")),
        (_only_in_its_own_case, ("cease elsewhere", "bankruptcy elsewhere")),
        (_blind_to_holds, ("hardship", "bankruptcy (staff)", "relief requested")),
    ],
)
async def test_the_judge_sees_a_planted_bug(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, plant: Callable[[pytest.MonkeyPatch], None], kinds: tuple[str, ...]
) -> None:
    plant(monkeypatch)
    breaches, _ = await play(desk, kinds)
    assert {breach.kind for breach in breaches} == set(kinds)
