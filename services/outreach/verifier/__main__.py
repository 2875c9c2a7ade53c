"""`python -m services.outreach.verifier EXPORT`: exit code 0 if all comes out the same, 1 if not, 2 if no export."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from services.outreach.verifier.anchors import NoAnchors
from services.outreach.verifier.export import Export, NoExport
from services.outreach.verifier.packs import ExportedPacks, compare_with_own
from services.outreach.verifier.verify import Verified, verify


def main(words: Sequence[str] | None = None) -> int:
    """Differences and the result go to standard output, progress to standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m services.outreach.verifier",
        description="run every exported decision again: no database, no network, no settings",
    )
    parser.add_argument("export", type=Path, metavar="FOLDER|FILE.zip")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="default: all cores")
    parser.add_argument("--pack", type=Path, action="append", default=[], help="compare with this pack of your own")
    parser.add_argument("--own-packs", action="store_true", help="compare with the packs beside this program")
    parser.add_argument("--manifest", metavar="SHA256", help="the hash that you were told, of manifest.json")
    parser.add_argument("--anchors", type=Path, metavar="EVENTS.jsonl", help="contact events that you have from then")
    parser.add_argument("--json", action="store_true", help="the result as one JSON document")
    given = parser.parse_args(words)
    started = time.monotonic()
    export = Export(given.export)
    try:
        verified = verify(export, max(given.processes, 1), _say, given.anchors)
        lines, same = compare_with_own(ExportedPacks(export), given.pack + (_own() if given.own_packs else []))
        is_told = given.manifest is None or export.manifest_hash == given.manifest.lower()
    except (NoExport, NoAnchors, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _tell(verified, lines, time.monotonic() - started, as_json=given.json)
    if not is_told:
        sys.stdout.write("manifest: it is another one than you were told of\n")
    return 0 if verified.is_intact and same and is_told else 1


def _own() -> list[Path]:
    return sorted((Path(__file__).parents[1] / "adapters" / "packs").glob("*.yaml"))


def _say(done: int, total: int) -> None:
    sys.stderr.write(f"{done} of {total} decisions re-run\n")
    sys.stderr.flush()


def _tell(verified: Verified, lines: Sequence[str], seconds: float, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(_document(verified, lines, seconds), ensure_ascii=False) + "\n")
        return
    for entry in verified.differences:
        where = entry.decision_id or entry.case_id or "export"
        sys.stdout.write(f"{where}: {'; '.join(entry.what)}\n")
    if verified.differing > len(verified.differences):
        sys.stdout.write(f"... and {verified.differing - len(verified.differences)} more\n")
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.write(f"{verified.decisions} decisions re-run, {verified.differing} differ ({seconds:.1f} s)\n")


def _document(verified: Verified, lines: Sequence[str], seconds: float) -> dict[str, object]:
    return {
        "decisions": verified.decisions,
        "cases": verified.cases,
        "differing": verified.differing,
        "differences": [
            {"decision_id": entry.decision_id, "case_id": entry.case_id, "what": list(entry.what)}
            for entry in verified.differences
        ],
        "verdicts": dict(sorted(verified.verdicts.items())),
        "denials_by_rule": dict(sorted(verified.denials_by_rule.items())),
        "packs": list(lines),
        "seconds": round(seconds, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
