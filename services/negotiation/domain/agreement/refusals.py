"""What is said no to about agreements and clearances.

Conflict
├── PlanNotRunning      only a running plan can be withdrawn from
├── TooLateToWithdraw   the cooling-off is over
└── NotCleared          the debt is not cleared, so there is nothing to certify or to correct
"""

from __future__ import annotations

from shared.kernel.refusal import Conflict


class PlanNotRunning(Conflict):
    def __init__(self) -> None:
        super().__init__("plan_not_running", "this plan is not running any more")


class TooLateToWithdraw(Conflict):
    def __init__(self) -> None:
        super().__init__("too_late_to_withdraw", "the days in which one may withdraw without a reason are over")


class NotCleared(Conflict):
    def __init__(self) -> None:
        super().__init__("not_cleared", "this debt is not cleared")
