"""Where messages of all channels arrive: finds the borrower, decides what becomes of it, and keeps it until read.

The outcome depends on the borrower and on how many messages came before on that channel, never on the order in which
two borrowers' messages arrive.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from deploy.sandbox.borrowers.borrower import Borrower
from deploy.sandbox.borrowers.noticing import Outcome, outcome_of

_LINK = re.compile(r"/b/([A-Za-z0-9_-]{20,200})")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that reached the borrower's telephone, mailbox or letter box."""

    account_number: str
    attempt_id: str
    channel: str
    nth: int
    outcome: Outcome


class PostOffice:
    """Keeps no message text: a text is read for its link and dropped.

    Its doors are shut while a list is being placed, since only intake's answer tells which case is whose; whoever
    brings a message waits that moment.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._by_contact: defaultdict[str, list[Borrower]] = defaultdict(list)
        self._arrivals: list[Arrival] = []
        self._outcomes: dict[str, Outcome] = {}
        self.strangers: Counter[str] = Counter()
        self._open = asyncio.Event()
        self._open.set()

    @contextlib.contextmanager
    def shut(self) -> Iterator[None]:
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    async def opened(self) -> None:
        await self._open.wait()

    def know(self, borrowers: Iterable[Borrower]) -> None:
        """From now on their numbers and addresses have somebody behind them."""
        for borrower in borrowers:
            for contact in borrower.contacts.values():
                self._by_contact[contact].append(borrower)

    def know_address(self, contact: str, borrower: Borrower) -> None:
        """One more number or address of somebody."""
        self._by_contact[contact].append(borrower)

    def deliver(self, attempt_id: str, channel: str, to: str, text: str) -> Outcome:
        """Take a message; the same attempt again has the same outcome and arrives once."""
        known = self._outcomes.get(attempt_id)
        if known is not None:
            return known
        borrower, token = self._addressee(to, text)
        if borrower is None:
            self.strangers[channel] += 1
            outcome: Outcome = "failed"
        else:
            if token is not None:
                borrower.token = token
            borrower.received[channel] += 1
            nth = borrower.received[channel]
            outcome = outcome_of(self._seed, borrower.account_number, borrower.character, channel, nth)
            self._arrivals.append(Arrival(borrower.account_number, attempt_id, channel, nth, outcome))
        self._outcomes[attempt_id] = outcome
        return outcome

    def outcome(self, attempt_id: str) -> Outcome | None:
        """What became of an attempt; None where it never came here."""
        return self._outcomes.get(attempt_id)

    def collect(self) -> list[Arrival]:
        """Everything that arrived since the last call, in an order that does not depend on who came first."""
        arrivals, self._arrivals = self._arrivals, []
        return sorted(arrivals, key=lambda each: (each.account_number, each.channel, each.nth))

    def _addressee(self, to: str, text: str) -> tuple[Borrower | None, str | None]:
        """Two loans of one person share the number: the link says which one is meant."""
        candidates = self._by_contact.get(to, [])
        link = _LINK.search(text)
        token = link.group(1) if link else None
        case_id = case_of_token(token) if token else None
        meant = next((b for b in candidates if b.case_id == case_id), None)
        return meant or (candidates[0] if candidates else None), token


def case_of_token(token: str) -> str | None:
    """The case a link names; that the link is genuine is for the page to check."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    return str(UUID(bytes=raw[:16])) if len(raw) > 16 else None
