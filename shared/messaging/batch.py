"""One batch of records, one transaction: the fence, the inbox, the settling, the cursors.

The algorithm and its proof by fault runs: docs/decisions/0002-effects-once.md. In short, the cursor row fences zombies,
the inbox absorbs what was published twice, the sequence proves order and finds loss.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.db.database import Database
from shared.db.transaction import Transaction
from shared.messaging import ledger
from shared.messaging.record import Record
from shared.messaging.settling import Settling, Tally
from shared.messaging.subscription import AnySubscription, OnQuarantine
from shared.service.faults import fault_point


class BatchHandler:
    """Handles batches for one service. Keeps nothing between batches, so any number of processes may run it."""

    def __init__(
        self,
        database: Database,
        service: str,
        subscriptions: Sequence[AnySubscription],
        on_quarantine: OnQuarantine | None = None,
    ) -> None:
        self.database = database
        self.service = service
        self.topics = {subscription.topic for subscription in subscriptions}
        self._subscriptions = list(subscriptions)
        self._on_quarantine = on_quarantine
        if len(self.topics) != len(self._subscriptions):
            raise ValueError("two subscriptions for one topic")

    async def handle(self, records: Sequence[Record]) -> Tally:
        """Handle records of any partitions, in order within each. All or nothing; raises what a handler raises."""
        async with self.database.transaction() as transaction:
            connection = await transaction.driver()
            settling = self._settling(transaction, connection)
            last, fresh = await self._admit(connection, records)
            await settling.settle(fresh)
            return await self._finish(transaction, connection, settling, last, len(records) - len(fresh))

    async def quarantine(self, record: Record, reason: str, attempts: int) -> Tally:
        """Set aside the case of a record that its handler cannot take, and move on."""
        async with self.database.transaction() as transaction:
            connection = await transaction.driver()
            settling = self._settling(transaction, connection)
            last, fresh = await self._admit(connection, [record])
            if fresh:
                await settling.set_aside(record, reason, attempts)
                await settling.finish_setting_aside()
            return await self._finish(transaction, connection, settling, last, 1 - len(fresh))

    async def release(self, key: str, *, discard_first: bool = False) -> Tally:
        """Take a case out of quarantine and handle what waited, in order. Raises what a handler raises, undone.

        `discard_first` drops the event that led to the quarantine: the way out for a record that will never decode.
        """
        async with self.database.transaction() as transaction:
            connection = await transaction.driver()
            queue = await ledger.read_waiting(connection, [key], quarantined=True)
            await ledger.lock_cursors(connection, {(w.record.topic, w.record.partition) for w in queue})
            await connection.execute("DELETE FROM quarantine WHERE key = $1", key)
            # Read again under the lane's lock: an event may have joined the queue in between.
            queue = await ledger.read_waiting(connection, [key], quarantined=True)
            await ledger.remove_waiting(connection, [w.id for w in queue])
            records = [w.record for w in queue]
            if discard_first and records:
                dropped, records = records[0], records[1:]
                if dropped.sequence:
                    await ledger.write_positions(connection, {(dropped.topic, key): dropped.sequence})
            settling = self._settling(transaction, connection)
            await settling.settle(records)
            await transaction.commit()
            return settling.tally

    def _settling(self, transaction: Transaction, connection: ledger.Connection) -> Settling:
        return Settling(transaction, connection, self.service, self._subscriptions, self._on_quarantine)

    async def _admit(
        self, connection: ledger.Connection, records: Sequence[Record]
    ) -> tuple[dict[ledger.Partition, Record], list[Record]]:
        """Lock, fence, deduplicate: where the cursors go, and the records that nobody has handled yet."""
        last = {(r.topic, r.partition): r for r in records}
        next_offsets = await ledger.lock_cursors(connection, last.keys())
        ahead = [r for r in records if r.offset >= next_offsets.get((r.topic, r.partition), 0)]
        # A zombie's whole batch may lie below the cursor, and a cursor never moves back.
        moves = {place: record for place, record in last.items() if record.offset >= next_offsets.get(place, 0)}
        ids = [event_id for r in ahead if (event_id := r.event_id) is not None]
        unseen = await ledger.enter_inbox(connection, ids) if ids else set()
        fresh = []
        for record in ahead:
            event_id = record.event_id
            if event_id is None or event_id in unseen:
                fresh.append(record)
                if event_id is not None:
                    unseen.discard(event_id)
        return moves, fresh

    async def _finish(
        self,
        transaction: Transaction,
        connection: ledger.Connection,
        settling: Settling,
        last: dict[ledger.Partition, Record],
        duplicates: int,
    ) -> Tally:
        if last:
            await ledger.move_cursors(connection, last)
        fault_point("subscriber.before_commit")
        await transaction.commit()
        fault_point("subscriber.after_commit")
        settling.tally.duplicates += duplicates
        return settling.tally
