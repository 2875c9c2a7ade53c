"""`python -m tests.bench [--json FILE] [--quick]`: real servers, one run, a table, and the same as JSON."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

from deploy.local.folder import LocalFolder
from tests.bench import agreement, gate, offers, planning, platform, portal, stage, verifier, watch

GOALS = {
    "stage_ratio": (0.3, "of raw, at least"),
    "flow_cases_per_s": (500, "at least"),
    "intake_records_per_s": (4_000, "at least"),
    "latency_p99_ms": (200, "at most"),
    "gate_us_decisions_per_s": (20_000, "at least, on one core"),
    "gate_cn_decisions_per_s": (20_000, "at least, on one core"),
    "offers_usual_p99_ms": (5, "at most, for one case"),
    "offers_widest_p99_ms": (5, "at most, for one case"),
    "portal_slowest_p95_ms": (50, "at most, on the server"),
    "agreement_p95_ms": (250, "at most, with the sealed copy"),
    "planning_s": (30, "at most, for 100,000 cases on two cores"),
    "watch_s": (5, "at most, for 20,000 due of 1,000,000 instalments on two cores"),
    "verifier_s_per_million": (60, "at most, on two cores"),
    "time_travel_s_per_million": (60, "at most"),
}
FULL = (20_000, 1_000_000, platform.Sizes(intake_records=40_000, flow_cases=10_000, latency_samples=200))
QUICK = (4_000, 20_000, platform.Sizes(intake_records=4_000, flow_cases=1_000, latency_samples=20))
GATE_SHARE = 20
"""The gate is asked a twentieth of the decisions that the verifier runs again: some seconds for each figure."""
OFFERS_SHARE = 500
"""Two thousand cases, or two hundred in a quick run."""
PLANNING_SHARE = 10
"""A tenth of the decisions that the verifier runs again: a hundred thousand cases."""
PORTAL_SHARE = 5_000
"""Two hundred visits of every page, or some in a quick run."""
AGREEMENT_SHARE = 10_000
"""A hundred acceptances, or twenty in a quick run."""
PARTS = ("gate", "offers", "verifier", "planning", "watch", "portal", "agreement", "stage", "platform")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work: shows that it runs, not how fast")
    parser.add_argument("--only", choices=PARTS, help="one part alone")
    arguments = parser.parse_args()
    # A topic that was made a moment ago has no leader yet; the client says so and tries again.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    results = asyncio.run(_measure(*(QUICK if arguments.quick else FULL), only=arguments.only))
    print("\n".join(_table(results)))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return 0


async def _measure(stage_events: int, decisions: int, sizes: platform.Sizes, only: str | None) -> dict[str, Any]:
    folder = LocalFolder.main().part("bench")
    folder.root.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    results: dict[str, Any] = {}
    if only in (None, "gate"):
        results |= gate.measure(decisions // GATE_SHARE, _say)
    if only in (None, "offers"):
        results |= offers.measure(max(200, decisions // OFFERS_SHARE), _say)
    if only in (None, "verifier"):
        results |= verifier.measure(folder, decisions, _say)
    if only in (None, "planning"):
        results |= await planning.measure(folder, decisions // PLANNING_SHARE, _say)
    if only in (None, "watch"):
        results |= await watch.measure(folder, decisions, _say)
    if only in (None, "portal"):
        results |= await portal.measure(folder, max(40, decisions // PORTAL_SHARE), _say)
    if only in (None, "agreement"):
        results |= await agreement.measure(folder, max(20, decisions // AGREEMENT_SHARE), _say)
    if only in (None, "stage"):
        results |= await stage.measure(folder, stage_events, _say)
    if only in (None, "platform"):
        results |= await platform.measure(folder, sizes, _say)
    _say(f"measured in {time.monotonic() - started:.0f} s")
    return results


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _table(results: dict[str, Any]) -> list[str]:
    lines = []
    for name, value in results.items():
        if isinstance(value, dict):
            lines += [f"{name + ' ' + process:38} {megabytes:>10}" for process, megabytes in value.items()]
            continue
        goal, words = GOALS.get(name, (None, ""))
        lines.append(f"{name:38} {value:>10.2f}" + (f"   goal: {goal} {words}" if goal is not None else ""))
    return lines


if __name__ == "__main__":
    sys.exit(main())
