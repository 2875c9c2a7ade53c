"""The borrowers' side of the world: reads what arrived, answers, looks at the page, agrees, pays or does not."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.sandbox.borrowers.bargaining import Accept, Choice, choose, choose_after_counter
from deploy.sandbox.borrowers.bargaining import Counter as CounterOffer
from deploy.sandbox.borrowers.borrower import Borrower
from deploy.sandbox.borrowers.noticing import noticed_after_steps
from deploy.sandbox.borrowers.paying import payments_of_plan, payments_of_promise
from deploy.sandbox.borrowers.reacting import OpenPage, Reply, react
from deploy.sandbox.borrowers.wishes import budget, relief_wish, thinks_again
from deploy.sandbox.calendar import HOURS, Step
from deploy.sandbox.calls import PROVIDER, Caller, UnexpectedAnswer, as_json
from deploy.sandbox.portal import Portal
from deploy.sandbox.post_office import Arrival, PostOffice

REPLIES_PER_CALL = 100
VISITS_AT_ONCE = 8
_LETTER_ARRIVES_AFTER_STEPS = 3 * len(HOURS)
_ADDRESS_OF_CHANNEL = {"email": "email", "sms": "mobile", "call": "mobile"}


@dataclass(frozen=True, slots=True)
class Noticed:
    """A message that its reader will react to."""

    arrival: Arrival


class Population:
    """All borrowers, and their agendas: step number -> who notices a message or comes back to the page then.

    Everybody acts in the order of account numbers, and only while nothing moves, so that a run repeats exactly.
    """

    def __init__(self, seed: int, caller: Caller, post_office: PostOffice, outreach_url: str, portal: Portal) -> None:
        self._seed = seed
        self._caller = caller
        self._post_office = post_office
        self._outreach_url = outreach_url
        self._portal = portal
        self._notices: defaultdict[int, list[Noticed]] = defaultdict(list)
        self._visits: defaultdict[int, set[str]] = defaultdict(set)
        self._letters: defaultdict[int, list[str]] = defaultdict(list)
        self.borrowers: dict[str, Borrower] = {}
        self.refusals: Counter[str] = Counter()
        self.replies_sent = 0
        self._second_thoughts: list[tuple[Borrower, str]] = []

    def settle_in(self, borrowers: Iterable[Borrower]) -> None:
        newcomers = {borrower.account_number: borrower for borrower in borrowers}
        self.borrowers |= newcomers
        self._post_office.know(newcomers.values())

    def read_the_post(self, step: Step, *, reacts_from: int) -> None:
        """Put what arrived since the last time on the agendas, for the step `reacts_from` or a later one."""
        for arrival in self._post_office.collect():
            borrower = self.borrowers[arrival.account_number]
            if arrival.channel == "letter" and arrival.outcome == "sent":
                self._letters[step.number + _LETTER_ARRIVES_AFTER_STEPS].append(arrival.attempt_id)
            after = noticed_after_steps(
                self._seed, borrower.account_number, borrower.character, arrival.channel, arrival.nth, arrival.outcome
            )
            if after is not None:
                self._notices[max(step.number + after, reacts_from)].append(Noticed(arrival))

    async def confirm_letters(self, step: Step) -> int:
        """The postal service says which letters lie in their boxes; answers with how many."""
        delivered = self._letters.pop(step.number, [])
        if delivered:
            receipts = [{"attempt_id": each, "status": "delivered", "at": step.at.isoformat()} for each in delivered]
            url = f"{self._outreach_url}/v1/delivery-receipts"
            await self._caller.signed(PROVIDER, url, as_json({"receipts": receipts}))
        return len(delivered)

    async def answer(self, step: Step) -> int:
        """Everybody who notices something now writes back, or makes up their mind to look at the page."""
        replies: list[dict[str, Any]] = []
        for noticed in sorted(self._notices.pop(step.number, []), key=lambda each: each.arrival.account_number):
            arrival = noticed.arrival
            borrower = self.borrowers[arrival.account_number]
            acts = react(
                self._seed,
                borrower.account_number,
                borrower.character,
                borrower.memory,
                channel=arrival.channel,
                language=borrower.language,
                today=step.day,
            )
            for act in acts:
                if isinstance(act, OpenPage):
                    self._visits[step.number + act.after_steps].add(borrower.account_number)
                else:
                    self._keep_promise(borrower, act)
                    replies.append(self._as_webhook(borrower, arrival, act, step))
        for start in range(0, len(replies), REPLIES_PER_CALL):
            await self._send(replies[start : start + REPLIES_PER_CALL])
        return len(replies)

    async def visit(self, step: Step) -> int:
        """Everybody whose hour it is opens the page; the pages of different people do not touch each other."""
        visitors = [self.borrowers[account] for account in sorted(self._visits.pop(step.number, ()))]
        with_link = [borrower for borrower in visitors if borrower.token is not None]
        for start in range(0, len(with_link), VISITS_AT_ONCE):
            await asyncio.gather(*(self._visit(each, step) for each in with_link[start : start + VISITS_AT_ONCE]))
        return len(with_link)

    def _keep_promise(self, borrower: Borrower, reply: Reply) -> None:
        if reply.kind == "promise" and not borrower.payments:
            borrower.payments += payments_of_promise(self._seed, borrower.account_number, borrower.character, reply)

    def _as_webhook(self, borrower: Borrower, arrival: Arrival, reply: Reply, step: Step) -> dict[str, Any]:
        self.replies_sent += 1
        kind = _ADDRESS_OF_CHANNEL.get(arrival.channel)
        sender = {"kind": kind, "value": borrower.contacts[kind]} if kind and kind in borrower.contacts else None
        return {
            "reply_reference": f"reply-{borrower.account_number}-{borrower.memory.noticed}",
            "channel": arrival.channel,
            "in_reply_to": arrival.attempt_id,
            "case_id": None,
            "from": sender,
            "text": reply.text,
            "received_at": step.at.isoformat(),
        }

    async def _send(self, replies: Sequence[Mapping[str, Any]]) -> None:
        answer = await self._caller.signed(PROVIDER, f"{self._outreach_url}/v1/replies", as_json({"replies": replies}))
        for each in answer["replies"]:
            self.refusals.update(f"reply.{error['code']}" for error in each.get("errors") or ())

    def come_back(self, case_id: str, step: Step) -> None:
        """A letter says that something was decided: its reader looks at the page a day later."""
        for account, borrower in self.borrowers.items():
            if borrower.case_id == case_id:
                self._visits[step.number + len(HOURS)].add(account)

    async def _visit(self, borrower: Borrower, step: Step) -> None:
        borrower.visits += 1
        try:
            await self._portal.enter(borrower)
            await self._tell_means(borrower)
            view = await self._portal.see(borrower)
            if _has_running_plan(view):
                await self._look_at_plan(borrower, view["plan"], step)
            elif not await self._ask_for_relief(borrower):
                await self._bargain(borrower, view, step)
        except UnexpectedAnswer as error:
            if error.status >= 500:
                raise
            # A link that has expired or a case that is closed: what borrowers meet when they come too late.
            self.refusals[f"page.{error.code or error.status}"] += 1

    async def think_again(self, step: Step) -> int:
        """A turn of its own: a plan that is taken back while its agreement is still being heard of is a race."""
        thoughts, self._second_thoughts = self._second_thoughts, []
        for borrower, plan_id in sorted(thoughts, key=lambda thought: thought[0].account_number):
            await self._portal.withdraw(borrower, plan_id)
            borrower.memory.has_plan = False
            borrower.payments = []
        return len(thoughts)

    async def _tell_means(self, borrower: Borrower) -> None:
        body = budget(self._seed, borrower.account_number, borrower.character, borrower.language)
        if body is not None and borrower.visits == 1:
            await self._portal.state_budget(borrower, body)

    async def _look_at_plan(self, borrower: Borrower, plan: Mapping[str, Any], step: Step) -> None:
        """A plan that came of relief is new to its borrower; one that is too hard leads to a request for relief."""
        if plan["plan_id"] != borrower.plan_id:
            self._plan_payments(borrower, plan, step)
        await self._ask_for_relief(borrower)

    async def _ask_for_relief(self, borrower: Borrower) -> bool:
        wish = relief_wish(self._seed, borrower.account_number, borrower.character)
        if wish is None or borrower.has_asked_for_relief:
            return False
        await self._portal.ask_for_relief(borrower, wish)
        borrower.has_asked_for_relief = True
        return True

    async def _bargain(self, borrower: Borrower, view: Mapping[str, Any], step: Step) -> None:
        account, character = borrower.account_number, borrower.character
        offers = {offer["offer_id"]: offer for offer in view["offers"]}
        choice: Choice = choose(self._seed, account, character, view["offers"], borrower.visits)
        round_number = 0
        while True:
            key = f"{account}-{borrower.visits}-{round_number}"
            match choice:
                case Accept(offer_id):
                    await self._agree(borrower, await self._portal.accept(borrower, offers[offer_id], key), step)
                    return
                case CounterOffer(proposal):
                    answer = await self._portal.counter(borrower, proposal, key)
                    if answer["answer"] == "accepted":
                        await self._agree(borrower, answer["plan"], step)
                        return
                    round_number += 1
                    if answer.get("offer"):
                        offers[answer["offer"]["offer_id"]] = answer["offer"]
                    choice = choose_after_counter(self._seed, account, character, answer, round_number)
                case _:
                    return

    async def _agree(self, borrower: Borrower, plan: Mapping[str, Any], step: Step) -> None:
        self._plan_payments(borrower, plan, step)
        if thinks_again(self._seed, borrower.account_number, borrower.plans):
            self._second_thoughts.append((borrower, str(plan["plan_id"])))

    def _plan_payments(self, borrower: Borrower, plan: Mapping[str, Any], step: Step) -> None:
        borrower.plans += 1
        borrower.plan_id = plan["plan_id"]
        borrower.memory.has_plan = True
        borrower.payments = payments_of_plan(
            self._seed, borrower.account_number, borrower.character, plan, borrower.plans, step.day
        )


def _has_running_plan(view: Mapping[str, Any]) -> bool:
    plan = view.get("plan")
    return plan is not None and plan["status"] in ("active", "agreed")
