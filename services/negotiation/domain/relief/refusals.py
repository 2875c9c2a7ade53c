"""What relief says no to.

Refusal
├── Conflict
│   ├── NotNow             not in the state that the request is in
│   ├── ReliefOpen         another request of the case is open, or relief runs
│   ├── SameMind           the maker is never the checker
│   ├── TooManyRequests    so many requests in twelve months that a person speaks with them instead
│   └── NothingNew         refused before, and no new evidence has come since
├── Invalid
│   ├── ReasonsMissing     a refusal says why, and what else is possible
│   └── FileRefused        too large, empty, or not a PDF, JPEG or PNG by its content
└── NotFound
    └── NoSuchThing        (domain/refusals.py)
"""

from __future__ import annotations

from shared.kernel.refusal import Conflict, Invalid, Reason


class NotNow(Conflict):
    def __init__(self, why: str) -> None:
        super().__init__("relief_not_now", why)


class ReliefOpen(Conflict):
    def __init__(self) -> None:
        super().__init__("relief_open", "there is an open request, or relief runs already")


class SameMind(Conflict):
    def __init__(self) -> None:
        super().__init__("maker_is_checker", "somebody else than who wrote it down must check it")


class TooManyRequests(Conflict):
    def __init__(self) -> None:
        super().__init__("relief_requests_exhausted", "no more requests for now; please speak with us")


class NothingNew(Conflict):
    def __init__(self) -> None:
        super().__init__("relief_nothing_new", "after a refusal a request needs evidence that was not there before")


class ReasonsMissing(Invalid):
    def __init__(self) -> None:
        reasons = [Reason("reasons_missing", "/reasons"), Reason("alternatives_missing", "/alternatives")]
        super().__init__("relief_reasons_missing", "a refusal says why, and what else is possible", reasons)


class FileRefused(Invalid):
    def __init__(self, code: str, why: str) -> None:
        super().__init__(code, why, [Reason(code, "/content", why)])
