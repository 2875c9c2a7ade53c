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
        addresses["borrower_page"] = f"{stack['negotiation']}/b/{page}"
    return addresses | {f"docs_{service}": f"{stack[service]}/docs" for service in SERVICES}


def _page(borrowers: Iterable[Borrower]) -> str | None:
    """The link that stays open longest, of somebody with a plan if there is one."""
    open_ones = [borrower for borrower in borrowers if borrower.token]
    best = max(open_ones, key=lambda each: (each.memory.has_plan, _expiry(each.token or "")), default=None)
    return best.token if best else None


def _expiry(token: str) -> int:
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return int(struct.unpack_from(">q", raw, 16)[0])
    except (ValueError, struct.error):
        return 0
