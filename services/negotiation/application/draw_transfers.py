"""Transfer files: refunds to payers who transferred, and money that goes back to its sender. Each transfer once.

A file is drawn by marking what is in it; the file itself is made again whenever it is fetched, so no copy of names and
accounts lies about. That the money has left is known from a later statement, never from the file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from uuid import UUID

from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.application.receipts_ports import BankEntry, Money
from services.negotiation.domain.refusals import NoSuchThing
from shared.kernel.identifiers import new_id

TRANSFERS_MAX = 500


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer of a file. `transfer_id` comes back on the statement as its end-to-end reference."""

    transfer_id: UUID
    amount: int
    currency: str
    name: str
    account: str


async def draw_transfers(begin: OpenWork, money: Money, *, key: str, hashed: str) -> UUID:
    """Put what waits into a new file and answer with its id; the same key: the same file."""
    async with begin(is_staff=True) as work:
        known = await work.recall_or_reserve("transfer-file", key, hashed)
        if known is not None:
            return UUID(known.response.decode())
        file_id = new_id()
        entries = await work.bank.to_transfer(TRANSFERS_MAX)
        refunds = await work.refund_orders.to_transfer(TRANSFERS_MAX)
        senders = await work.bank.paid_from([r.payment_id for r in refunds])
        reachable = [r for r in refunds if _account(money, senders.get(r.payment_id)) is not None]
        await work.bank.save([replace(entry, file_id=file_id) for entry in entries])
        await work.refund_orders.save([replace(refund, file_id=file_id) for refund in reachable])
        await work.remember("transfer-file", key, 200, str(file_id).encode())
        await work.commit()
        return file_id


async def transfers_of(work: Work, money: Money, file_id: UUID) -> list[Transfer]:
    """What is in a file. Raises `NoSuchThing` for one that was never drawn, or that holds nothing."""
    refunds = await work.refund_orders.in_file(file_id)
    senders = await work.bank.paid_from([r.payment_id for r in refunds])
    wanted = [(r.refund_id, r.amount, r.currency, senders.get(r.payment_id)) for r in refunds]
    wanted += [(e.entry_id, e.amount, e.currency, e) for e in await work.bank.in_file(file_id)]
    if not wanted:
        raise NoSuchThing("transfer_file")
    transfers = []
    for transfer_id, amount, currency, sender in wanted:
        payee = _account(money, sender)
        if payee is not None:
            transfers.append(Transfer(transfer_id, amount, currency, payee[0], payee[1]))
    return transfers


def _account(money: Money, sender: BankEntry | None) -> tuple[str, str] | None:
    """Name and account that money came from, where they are still kept."""
    if sender is None or sender.sealed is None:
        return None
    words = json.loads(money.seal.open(sender.entry_id, sender.sealed))
    return (words["name"], words["account"]) if words["account"] else None
