"""The addresses that a person opens after a run."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterable, Mapping, Sequence

from deploy.local.services import SERVICES
from deploy.sandbox.borrowers.borrower import Borrower


def addresses_of(stack: Mapping[str, str], traces: Sequence[str], borrowers: Iterable[Borrower]) -> dict[str, str]:
    """Name -> address; `stack` has the APIs by service and, where there is one, the traces' own."""
    addresses = {"console": f"{stack['reporting']}/", "workbench": f"{stack['outreach']}/desk"}
    if "traces" in stack:
        addresses["traces"] = f"{stack['traces']}/zipkin/"
        if traces:
            addresses["showcase_trace"] = f"{stack['traces']}/zipkin/traces/{traces[0]}"
    page = _page(borrowers)
    if page is not None:
        addresses["borrower_page"] = f"{stack['negotiation']}/b/{page.token}"
        addresses["borrower_page_answer"] = page.factor
    return addresses | {f"docs_{service}": f"{stack[service]}/docs" for service in SERVICES}


def _page(borrowers: Iterable[Borrower]) -> Borrower | None:
    """Whose link nobody has opened and stays open longest, of somebody with a plan if there is one."""
    reached = [borrower for borrower in borrowers if borrower.token]
    return max(reached, key=_usefulness, default=None)


def _usefulness(borrower: Borrower) -> tuple[bool, bool, int]:
    is_unused = borrower.token != borrower.used_token
    return is_unused, borrower.memory.has_plan, _expiry(borrower.token or "")


def _expiry(token: str) -> int:
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return int(struct.unpack_from(">q", raw, 16)[0])
    except (ValueError, struct.error):
        return 0
