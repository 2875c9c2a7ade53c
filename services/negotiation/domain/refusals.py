"""What negotiation says no to.

Refusal
├── Conflict
│   ├── CaseClosed         work on the case has ended
│   ├── PlanExists         a plan is running already
│   ├── HoldStands         a hold under which nothing new is agreed
│   ├── OfferEnded         the offer expired, was replaced, or does not fit the balance any more
│   ├── TermsChanged       the hash is not that of the terms on offer
│   ├── RoundsExhausted    enough counter-offers for now; the open offers stand
│   ├── AboveAffordable    more than the statement of means leaves, and nobody has allowed it
│   ├── TooManyGrants      enough others speak for the borrower
│   ├── HistoryMoved       a message of a conversation does not come after the newest one
│   ├── MessageDiffers     another message was said under the same id
│   └── ConversationFull   a conversation has no more room
├── NotAllowed
│   └── ScopeMissing       the borrower has not allowed this token to say that
├── Invalid
│   └── StatementUnusable  a statement of means that cannot count for this case
└── NotFound
    └── NoSuchThing        no such case, offer, plan or code here
"""

from __future__ import annotations

from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound, Reason


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


class AboveAffordable(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "above_affordable_amount", "the plan asks for more in a month than the statement of means leaves"
        )


class StatementUnusable(Invalid):
    """A statement of means that cannot count for this case, though it can be read."""


class RoundsExhausted(Conflict):
    def __init__(self) -> None:
        super().__init__("rounds_exhausted", "no more counter-offers for now; the open offers stand")


class NoSuchThing(NotFound):
    def __init__(self, what: str) -> None:
        super().__init__(f"{what}_not_found", f"there is no such {what}")


class TooManyGrants(Conflict):
    def __init__(self) -> None:
        super().__init__("too_many_grants", "enough others may speak on this case; take one grant back first")


class ScopeMissing(NotAllowed):
    def __init__(self, kind: str) -> None:
        super().__init__(
            "scope_missing", "the borrower has not allowed this token to say that", [Reason(f"kind_{kind}")]
        )


class HistoryMoved(Conflict):
    def __init__(self, head: str) -> None:
        super().__init__(
            "history_moved", "the message does not come after the newest one; read on first", [Reason(f"head_{head}")]
        )


class MessageDiffers(Conflict):
    def __init__(self) -> None:
        super().__init__("message_differs", "another message was said under this id before")


class ConversationFull(Conflict):
    def __init__(self) -> None:
        super().__init__("conversation_full", "enough was said here; the page and the telephone stay open")
