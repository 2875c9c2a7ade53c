"""The two invented lending platforms: how each places its list, reports payments and takes cases back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from deploy.sandbox.borrowers.borrower import Borrower
from deploy.sandbox.calls import Caller, Key, as_json
from deploy.sandbox.placement_file import CSV, Line, PlacementFile

PAYMENTS_PER_CALL = 200
_PLACE_TO_REPORT = {"US": 21, "CN": 9}
"""Hour (UTC) of the step at which each country's lenders report the day's payments: the afternoon there."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a lender says of itself when it is taken on."""

    name: str
    jurisdiction: str
    currency: str
    licence_number: str
    mandate: Mapping[str, Any]

    @property
    def reports_at_hour(self) -> int:
        return _PLACE_TO_REPORT[self.jurisdiction]


HARBOUR_CREDIT = Profile(
    name="Harbour Credit",
    jurisdiction="US",
    currency="USD",
    licence_number="SANDBOX-US-0001",
    mandate={
        "discount_max_basis_points": 2_500,
        "term_months_max": 60,
        "instalment_min_minor_units": 2_500,
        "pause_months_max": 3,
        "grace_days": 5,
        "allocation_order": ["fees", "interest", "principal"],
    },
)
MORNING_LIGHT = Profile(
    name="晨光消费金融",
    jurisdiction="CN",
    currency="CNY",
    licence_number="SANDBOX-CN-0001",
    mandate={
        "discount_max_basis_points": 3_000,
        "term_months_max": 36,
        "instalment_min_minor_units": 10_000,
        "pause_months_max": 6,
        "grace_days": 3,
        "allocation_order": ["fees", "interest", "principal"],
    },
)


class Lender:
    """One lending platform with its key, as intake gave it."""

    def __init__(self, profile: Profile, caller: Caller, intake_url: str, creditor_id: str, key: Key) -> None:
        self.profile = profile
        self.creditor_id = creditor_id
        self.key = key
        self._caller = caller
        self._intake_url = intake_url

    async def place(self, file: PlacementFile, chunk: Sequence[Line], n: int, traceparent: str) -> list[dict[str, Any]]:
        """Send one chunk of a list; answers with one entry for each record."""
        header = f"{file.header}\n" if file.content_type == CSV else ""
        answer = await self._caller.signed(
            self.key,
            f"{self._intake_url}/v1/placements",
            (header + "".join(f"{line.text}\n" for line in chunk)).encode(),
            content_type=file.content_type,
            headers={"Idempotency-Key": f"placement-{n:05d}", "traceparent": traceparent},
        )
        records: list[dict[str, Any]] = answer["records"]
        return records

    async def report(self, payments: Sequence[Mapping[str, Any]], day: date) -> list[dict[str, Any]]:
        """Tell the agency what came in today; answers with one result for each payment."""
        results: list[dict[str, Any]] = []
        for start in range(0, len(payments), PAYMENTS_PER_CALL):
            body = as_json({"payments": list(payments[start : start + PAYMENTS_PER_CALL])})
            headers = {"Idempotency-Key": f"payments-{day.isoformat()}-{start}"}
            url = f"{self._intake_url}/v1/payments"
            answer = await self._caller.signed(self.key, url, body, headers=headers)
            results += answer["payments"]
        return results

    async def look_up(self, borrower: Borrower) -> dict[str, Any]:
        """The case as intake knows it."""
        url = f"{self._intake_url}/v1/cases/{borrower.case_id}"
        case: dict[str, Any] = await self._caller.signed(self.key, url, b"", method="GET")
        return case

    async def waive_fees(self, borrower: Borrower) -> None:
        """Correct the balance: the lender's own fees are given up."""
        balance = (await self.look_up(borrower))["balance"] | {"fees_minor_units": 0}
        url = f"{self._intake_url}/v1/cases/{borrower.case_id}/updates"
        await self._caller.signed(self.key, url, as_json({"balance": balance}))

    async def add_mail_address(self, borrower: Borrower, address: str) -> None:
        """Hand on an address that the borrower gave."""
        person_id = (await self.look_up(borrower))["person_id"]
        point = {"kind": "email", "value": address, "place": "none", "is_verified": True, "may_be_used": True}
        url = f"{self._intake_url}/v1/persons/{person_id}/contact-points"
        await self._caller.signed(self.key, url, as_json({"contact_points": [point]}))

    async def recall(self, borrower: Borrower, reason: str) -> None:
        """Take a case back, also one whose plan is being kept."""
        url = f"{self._intake_url}/v1/cases/{borrower.case_id}/recall"
        headers = {"Idempotency-Key": f"recall-{borrower.case_id}"}
        await self._caller.signed(self.key, url, as_json({"reason": reason, "force": True}), headers=headers)


async def take_on(profile: Profile, caller: Caller, intake_url: str, licence_expires_on: date) -> Lender:
    """The agency's staff registers the lender; the key's secret is shown once."""
    answer = await caller.staff(
        f"{intake_url}/v1/creditors",
        {
            "name": profile.name,
            "licence_number": profile.licence_number,
            "licence_expires_on": licence_expires_on.isoformat(),
            "currency": profile.currency,
            "jurisdiction": profile.jurisdiction,
            "mandate": profile.mandate,
        },
    )
    key = Key(answer["key_id"], answer["secret"].encode())
    return Lender(profile, caller, intake_url, answer["creditor_id"], key)
