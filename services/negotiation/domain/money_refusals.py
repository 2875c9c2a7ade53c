"""What the books, fees and remittances say no to.

Refusal
├── Conflict
│   ├── NothingToRefund     more than is overpaid of the payment
│   ├── RefundEnded         sent, and so not to be cancelled; or the other way round
│   ├── NoFeeSchedule       nothing approved says what is earned in this period
│   ├── RemittanceOpen      another one of this lender and currency is not finished
│   ├── PeriodNotOver       a period is remitted when it has ended
│   ├── PeriodTaken         the period is before the end of one that was remitted
│   ├── RemittanceElsewhere the remittance is not where this step begins
│   └── RemittanceStale     a payment in it has been taken back since
├── NotAllowed
│   └── MakerIsChecker      whoever made something does not approve it
└── Invalid
    └── FeesWrong           a schedule that contradicts itself
"""

from __future__ import annotations

from shared.kernel.refusal import Conflict, Invalid, NotAllowed, Reason


class NothingToRefund(Conflict):
    def __init__(self) -> None:
        super().__init__("nothing_to_refund", "only what is overpaid of a payment can be refunded")


class RefundEnded(Conflict):
    def __init__(self, status: str) -> None:
        super().__init__("refund_ended", "this refund has ended otherwise", [Reason(f"refund_{status}")])


class NoFeeSchedule(Conflict):
    def __init__(self) -> None:
        super().__init__("no_fee_schedule", "no approved schedule of fees holds at the end of this period")


class RemittanceOpen(Conflict):
    def __init__(self) -> None:
        super().__init__("remittance_open", "another remittance of this lender and currency is not finished")


class PeriodNotOver(Conflict):
    def __init__(self) -> None:
        super().__init__("period_not_over", "a period is remitted when it has ended")


class PeriodTaken(Conflict):
    def __init__(self) -> None:
        super().__init__("period_taken", "the period is not after the last one that was remitted")


class RemittanceElsewhere(Conflict):
    def __init__(self, status: str) -> None:
        super().__init__("remittance_elsewhere", "this step does not come next", [Reason(f"remittance_{status}")])


class RemittanceStale(Conflict):
    def __init__(self, count: int) -> None:
        super().__init__(
            "remittance_stale", f"{count} of its payments have been taken back since: cancel it and begin again"
        )


class MakerIsChecker(NotAllowed):
    def __init__(self) -> None:
        super().__init__("maker_is_checker", "whoever made this does not approve it")


class FeesWrong(Invalid):
    def __init__(self, why: str) -> None:
        super().__init__("fees_wrong", why)
