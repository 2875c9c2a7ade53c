"""Drives the clock: moves it, waits until nothing moves, lets people act, waits again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from deploy.sandbox.calendar import Step, steps
from deploy.sandbox.lender_desk import LenderDesk
from deploy.sandbox.news import News
from deploy.sandbox.payers import Payers
from deploy.sandbox.population import Population
from deploy.sandbox.progress import Progress
from deploy.sandbox.quiet import QuietWatch
from deploy.sandbox.relief_desk import ReliefDesk
from deploy.sandbox.staff_desk import StaffDesk
from shared.kernel.clock import SandboxClock


@dataclass(frozen=True, slots=True)
class Driver:
    """One run of the clock. People act in turns, lenders before staff before borrowers, and never while events move:
    so no race between services can change what happens.
    """

    clock: SandboxClock
    watch: QuietWatch
    lenders: LenderDesk
    news: News
    staff: StaffDesk
    relief: ReliefDesk
    payers: Payers
    population: Population
    progress: Progress

    async def run(self, days: int) -> None:
        """Live through the days. Raises NotQuiet."""
        self.progress.begin()
        for step in steps(days):
            self.clock.set(step.at)
            await self._settle()
            self.population.read_the_post(step, reacts_from=step.number)
            turns: list[Callable[[Step], Awaitable[int]]] = [
                self.payers.pay,
                self.lenders.report_payments,
                self.lenders.recall,
                self.relief.decide,
                self.news.tell,
                self.staff.work,
                self.relief.pass_on,
                self.population.confirm_letters,
                self.population.answer,
                self.population.visit,
                self.population.think_again,
            ]
            for act in turns:
                if await act(step):
                    await self._settle()
            # What the turns set in motion may have reached somebody: calls and messages of this very hour.
            self.population.read_the_post(step, reacts_from=step.number + 1)
            if step.is_last_of_day:
                self.progress.show(step, self.watch.events, self.lenders.collected)

    async def _settle(self) -> None:
        await self.watch.wait(self.clock.now())
