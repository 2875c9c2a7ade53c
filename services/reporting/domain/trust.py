"""Money of one case in the agency's trust account: what came in, what was sent back, what was paid over."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from services.reporting.domain.account import Movement


@dataclass(slots=True)
class TrustChange:
    """Minor units. `sent_back`: reversed or refunded. `remitted`: paid over with its commission, less set-off."""

    received: int = 0
    sent_back: int = 0
    remitted: int = 0

    @property
    def net(self) -> int:
        return self.received - self.sent_back - self.remitted

    def add(self, other: TrustChange) -> None:
        self.received += other.received
        self.sent_back += other.sent_back
        self.remitted += other.remitted


TRUST_REASONS = tuple(f.name for f in fields(TrustChange))


@dataclass(slots=True)
class Trust:
    """What is held of one case while its movements are followed. Negative: a payment was taken back after its money had
    been paid over or refunded, and the next remittance sets it off, or the payer owes it.
    """

    held: int = 0
    _payments: set[str | None] = field(default_factory=set)
    """Those that were paid to the agency; money that the creditor holds is no part of this."""

    def follow(self, movement: Movement) -> TrustChange:
        change = self._effect(movement)
        self.held += change.net
        return change

    def _effect(self, movement: Movement) -> TrustChange:
        amount, is_ours = movement.amount_minor_units, movement.payment_id in self._payments
        match movement.kind:
            case "payment" if movement.is_in_trust:
                self._payments.add(movement.payment_id)
                return TrustChange(received=amount)
            case "reversal" | "refund" if is_ours:
                return TrustChange(sent_back=amount)
            case "remittance":
                return TrustChange(remitted=amount)
        return TrustChange()
