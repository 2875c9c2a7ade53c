"""What changes about single cases during a run: a corrected balance, a new address, a person to be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deploy.sandbox.borrowers.borrower import Borrower
from deploy.sandbox.calendar import RECALLS_AT, Step
from deploy.sandbox.calls import Caller
from deploy.sandbox.lenders import Lender
from deploy.sandbox.post_office import PostOffice
from deploy.sandbox.seeded import dice

NEW_ADDRESS_ON_DAY = 9
FEES_WAIVED_ON_DAY = 18
ERASED_ON_DAY = 30

Chooser = Callable[[Borrower], bool]


class News:
    """On its day each lender hands on one new address and corrects one balance; staff erases one person whose case the
    lender took back.
    """

    def __init__(
        self,
        seed: int,
        caller: Caller,
        intake_url: str,
        lenders: Mapping[str, Lender],
        borrowers: Mapping[str, Borrower],
        recalled: set[str],
        post_office: PostOffice,
    ) -> None:
        self._seed = seed
        self._caller = caller
        self._intake_url = intake_url
        self._lenders = lenders
        self._borrowers = borrowers
        self._recalled = recalled
        self._post_office = post_office
        self.addresses: set[str] = set()
        """Addresses that no placed record holds: personal data as well."""

    async def tell(self, step: Step) -> int:
        """Do what the day brings; answers with how many changes that was."""
        if step.at.hour != RECALLS_AT:
            return 0
        match step.day_number:
            case day if day == NEW_ADDRESS_ON_DAY:
                return await self._new_addresses(step)
            case day if day == FEES_WAIVED_ON_DAY:
                return await self._waived_fees(step)
            case day if day == ERASED_ON_DAY:
                return await self._erased()
            case _:
                return 0

    async def _new_addresses(self, step: Step) -> int:
        chosen = self._choose(step, lambda borrower: "mail_bounces" in borrower.character.slips)
        for lender, borrower in chosen:
            address = f"new.{borrower.account_number}@example.org".lower()
            self.addresses.add(address)
            self._post_office.know_address(address, borrower)
            await lender.add_mail_address(borrower, address)
        return len(chosen)

    async def _waived_fees(self, step: Step) -> int:
        chosen = self._choose(step, lambda borrower: not borrower.memory.has_plan and not borrower.payments)
        for lender, borrower in chosen:
            await lender.waive_fees(borrower)
        return len(chosen)

    async def _erased(self) -> int:
        """The person behind the first recalled case, who has no other."""
        for account in sorted(self._recalled):
            borrower = self._borrowers[account]
            person_id = (await self._lenders[borrower.lender].look_up(borrower))["person_id"]
            await self._caller.staff(f"{self._intake_url}/v1/persons/{person_id}/erase")
            return 1
        return 0

    def _choose(self, step: Step, fits: Chooser) -> list[tuple[Lender, Borrower]]:
        """One fitting borrower of each lender, where there is one."""
        chosen = []
        for name, lender in self._lenders.items():
            fitting = [
                borrower
                for account, borrower in sorted(self._borrowers.items())
                if borrower.lender == name and account not in self._recalled and fits(borrower)
            ]
            if fitting:
                chosen.append((lender, dice(self._seed, "news", name, step.number).choice(fitting)))
        return chosen
