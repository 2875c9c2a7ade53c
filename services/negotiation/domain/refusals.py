"""What negotiation says no to.

Refusal
├── Conflict
│   ├── CaseClosed         work on the case has ended
│   ├── PlanExists         a plan is running already
│   ├── HoldStands         a hold under which nothing new is agreed
│   ├── OfferEnded         the offer expired, was replaced, or does not fit the balance any more
│   ├── TermsChanged       the hash is not that of the terms on offer
│   └── RoundsExhausted    enough counter-offers for now; the open offers stand
└── NotFound
    └── NoSuchThing        no such case, offer, plan or code here
"""

from __future__ import annotations

from shared.kernel.refusal import Conflict, NotFound, Reason


class CaseClosed(Conflict):
    def __init__(self) -> None:
        super().__init__("case_closed", "work on this case has ended")


class PlanExists(Conflict):
    def __init__(self) -> None:
        super().__init__("plan_exists", "a plan is running on this case already")


class HoldStands(Conflict):
    def __init__(self, kind: str) -> None:
        super().__init__(
            "hold_stands",
            "nothing new can be agreed while this hold stands; payments are still booked",
            [Reason(f"hold_{kind}")],
        )


class OfferEnded(Conflict):
    def __init__(self) -> None:
        super().__init__("offer_ended", "this offer is not open any more; see the current offers")


class TermsChanged(Conflict):
    def __init__(self) -> None:
        super().__init__("terms_changed", "the terms are not the ones that were shown")


class RoundsExhausted(Conflict):
    def __init__(self) -> None:
        super().__init__("rounds_exhausted", "no more counter-offers for now; the open offers stand")


class NoSuchThing(NotFound):
    def __init__(self, what: str) -> None:
        super().__init__(f"{what}_not_found", f"there is no such {what}")
