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
from deploy.sandbox.calendar import HOURS, Step
from deploy.sandbox.calls import PROVIDER, Caller, UnexpectedAnswer, as_json
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

    def __init__(self, seed: int, caller: Caller, post_office: PostOffice, outreach_url: str, page_url: str) -> None:
        self._seed = seed
        self._caller = caller
        self._post_office = post_office
        self._outreach_url = outreach_url
        self._page_url = page_url
        self._notices: defaultdict[int, list[Noticed]] = defaultdict(list)
        self._visits: defaultdict[int, set[str]] = defaultdict(set)
        self._letters: defaultdict[int, list[str]] = defaultdict(list)
        self.borrowers: dict[str, Borrower] = {}
        self.refusals: Counter[str] = Counter()
        self.replies_sent = 0

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

    async def _visit(self, borrower: Borrower, step: Step) -> None:
        borrower.visits += 1
        page = f"{self._page_url}/v1/borrower"
        try:
            await self._get_in(borrower, page)
            view = await self._caller.anybody("GET", f"{page}/case", headers=_shown(borrower))
            if not _has_running_plan(view):
                await self._bargain(borrower, page, view, step)
        except UnexpectedAnswer as error:
            if error.status >= 500:
                raise
            # A link that has expired or a case that is closed: what borrowers meet when they come too late.
            self.refusals[f"page.{error.code or error.status}"] += 1

    async def _get_in(self, borrower: Borrower, page: str) -> None:
        """By the newest link, which opens once; until another one comes, by what was given for it."""
        if borrower.token != borrower.used_token:
            body = {"token": borrower.token, "factor": borrower.factor}
            borrower.access = (await self._caller.anybody("POST", f"{page}/sessions", body))["access_token"]
            borrower.used_token = borrower.token

    async def _bargain(self, borrower: Borrower, page: str, view: Mapping[str, Any], step: Step) -> None:
        account, character = borrower.account_number, borrower.character
        offers = {offer["offer_id"]: offer for offer in view["offers"]}
        choice: Choice = choose(self._seed, account, character, view["offers"], borrower.visits)
        round_number = 0
        while True:
            key = {"Idempotency-Key": f"{account}-{borrower.visits}-{round_number}", **_shown(borrower)}
            match choice:
                case Accept(offer_id):
                    body = {"terms_hash": offers[offer_id]["terms_hash"]}
                    plan = await self._caller.anybody("POST", f"{page}/offers/{offer_id}/accept", body, key)
                    self._agree(borrower, plan, step)
                    return
                case CounterOffer(proposal):
                    answer = await self._caller.anybody("POST", f"{page}/counter-offers", dict(proposal), key)
                    if answer["answer"] == "accepted":
                        self._agree(borrower, answer["plan"], step)
                        return
                    round_number += 1
                    if answer.get("offer"):
                        offers[answer["offer"]["offer_id"]] = answer["offer"]
                    choice = choose_after_counter(self._seed, account, character, answer, round_number)
                case _:
                    return

    def _agree(self, borrower: Borrower, plan: Mapping[str, Any], step: Step) -> None:
        borrower.plans += 1
        borrower.memory.has_plan = True
        borrower.payments = payments_of_plan(
            self._seed, borrower.account_number, borrower.character, plan, borrower.plans, step.day
        )


def _has_running_plan(view: Mapping[str, Any]) -> bool:
    plan = view.get("plan")
    return plan is not None and plan["status"] in ("active", "agreed")


def _shown(borrower: Borrower) -> dict[str, str]:
    return {"Authorization": f"Bearer {borrower.access}"}
