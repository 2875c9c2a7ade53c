"""What intake refuses as a whole; a single record's faults are reasons in its answer instead.

Refusal
├── NotAllowed
│   └── LicenceExpired          the creditor's licence has run out: nothing may be placed
├── NotFound
│   ├── CaseUnknown             no such case, or another tenant's
│   ├── PersonUnknown           no such person, erased, or another tenant's
│   └── CreditorUnknown
├── Conflict
│   ├── CaseNotOpen             recalled or closed already
│   ├── PlanBeingKept           a recall would break an agreed plan; force it, or let the plan run
│   ├── CreditorExists          onboarded already; rotate=true gives a new key
│   ├── TooManyContactPoints
│   └── PlacedMeanwhile         other placements of the same accounts came first, again and again
└── Invalid
    ├── IdempotencyKeyMissing
    ├── TooManyRecords
    └── RequestInvalid          the fields of a request contradict the rules, with every reason
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound, Reason


class LicenceExpired(NotAllowed):
    def __init__(self) -> None:
        super().__init__("licence_expired", "the creditor's licence has expired; renew it before you place debts")


class CaseUnknown(NotFound):
    def __init__(self) -> None:
        super().__init__("case_unknown", "there is no such case")


class PersonUnknown(NotFound):
    def __init__(self) -> None:
        super().__init__("person_unknown", "there is no such person")


class CreditorUnknown(NotFound):
    def __init__(self) -> None:
        super().__init__("creditor_unknown", "there is no such creditor")


class CaseNotOpen(Conflict):
    def __init__(self) -> None:
        super().__init__("case_not_open", "the case has been recalled or closed already")


class PlanBeingKept(Conflict):
    def __init__(self) -> None:
        message = "the borrower keeps an agreed plan; recall with force=true if it must end"
        super().__init__("plan_being_kept", message, [Reason("plan_being_kept", "/force", message)])


class CreditorExists(Conflict):
    def __init__(self) -> None:
        message = "a creditor with this licence number and name exists; add rotate=true for a new key"
        super().__init__("creditor_exists", message)


class TooManyContactPoints(Conflict):
    def __init__(self, limit: int) -> None:
        super().__init__("too_many_contact_points", f"a person has at most {limit} contact points")


class PlacedMeanwhile(Conflict):
    def __init__(self) -> None:
        super().__init__("placed_meanwhile", "other placements of the same accounts are under way; send again")


class IdempotencyKeyMissing(Invalid):
    def __init__(self) -> None:
        message = "an Idempotency-Key of 1 to 255 visible ASCII characters is required"
        super().__init__("idempotency_key_missing", message)


class TooManyRecords(Invalid):
    def __init__(self, limit: int) -> None:
        super().__init__("too_many_records", f"one request carries at most {limit} records; send several")


class RequestInvalid(Invalid):
    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__("invalid_request", "the request breaks the rules", reasons)
