"""Relief on its way: the agency's staff pass requests on after a day, lenders decide by signed requests after four."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from deploy.sandbox.borrowers.borrower import Borrower
from deploy.sandbox.calendar import STAFF_WORKS_AT, Step
from deploy.sandbox.calls import Caller, UnexpectedAnswer, as_json
from deploy.sandbox.lenders import Lender
from deploy.sandbox.population import Population
from deploy.sandbox.seeded import dice, pick

LOOKS_AFTER = timedelta(days=1)
DECIDES_AFTER = timedelta(days=4)
CLERK = {"X-Staff-Id": "agent.lin"}
_VERDICTS: Mapping[str, float] = {"granted": 7, "refused": 2, "silence": 1}
_REASONS: Mapping[str, float] = {"evidence_missing": 6, "form_not_offered": 2, "income_unchanged": 2}


class ReliefDesk:
    """Both desks, oldest account first. A lender that says nothing lets a request lapse."""

    def __init__(
        self, seed: int, caller: Caller, negotiation_url: str, lenders: Mapping[str, Lender], population: Population
    ) -> None:
        self._seed = seed
        self._caller = caller
        self._url = negotiation_url
        self._lenders = lenders
        self._population = population
        self.refusals: Counter[str] = Counter()

    async def pass_on(self, step: Step) -> int:
        """The staff's part of the day; answers with how many requests went to their lenders."""
        if step.at.hour != STAFF_WORKS_AT:
            return 0
        answer = await self._caller.staff(f"{self._url}/v1/relief?state=requested&limit=500", method="GET")
        ripe = self._ripe(answer["requests"], LOOKS_AFTER, step.at)
        for _, request in ripe:
            url = f"{self._url}/v1/relief/{request['relief_id']}/move"
            await self._caller.staff(url, {"to": "with_lender"}, headers=CLERK)
        return len(ripe)

    async def decide(self, step: Step) -> int:
        """The decisions of the lenders whose afternoon it is; answers with how many."""
        decided = 0
        for lender in self._lenders.values():
            if lender.profile.reports_at_hour != step.at.hour:
                continue
            url = f"{self._url}/v1/lender/relief?limit=500"
            answer = await self._caller.signed(lender.key, url, b"", method="GET")
            for borrower, request in self._ripe(answer["requests"], DECIDES_AFTER, step.at):
                decided += await self._decide(lender, borrower, request, step)
        return decided

    async def _decide(self, lender: Lender, borrower: Borrower, request: Mapping[str, Any], step: Step) -> int:
        throw = dice(self._seed, "relief_verdict", borrower.account_number)
        verdict = pick(throw, _VERDICTS)
        if verdict == "silence":
            return 0
        body: dict[str, Any] = {"verdict": verdict, "reference": f"R-{borrower.visits}"}
        if verdict == "refused":
            body |= {"reasons": [pick(throw, _REASONS)], "alternatives": ["smaller_payments", "debt_advice"]}
        else:
            body["months"] = request["months_asked"]
        url = f"{self._url}/v1/lender/relief/{request['relief_id']}/decision"
        try:
            await self._caller.signed(lender.key, url, as_json(body))
        except UnexpectedAnswer as error:
            if error.status >= 500:
                raise
            self.refusals[f"relief.{error.code or error.status}"] += 1
            return 0
        self._population.come_back(borrower.case_id, step)
        return 1

    def _ripe(
        self, requests: Sequence[Mapping[str, Any]], after: timedelta, now: datetime
    ) -> list[tuple[Borrower, Mapping[str, Any]]]:
        """Requests that have waited long enough, with their borrowers, by account number."""
        known = {borrower.case_id: borrower for borrower in self._population.borrowers.values()}
        ripe = [
            (known[each["case_id"]], each)
            for each in requests
            if each["case_id"] in known and datetime.fromisoformat(each["requested_at"]) + after <= now
        ]
        return sorted(ripe, key=lambda pair: pair[0].account_number)
