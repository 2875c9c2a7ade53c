"""`python -m services.outreach ROLE`, or one of the commands: vectors, export, time-travel, genuine, genuine-key,
conduct-report."""

import sys
from pathlib import Path

from services.outreach.adapters.conduct.held_out import FRESH, HELD_OUT, lines_of, measure_held_out
from services.outreach.adapters.conduct.report import measure
from services.outreach.adapters.genuine_command import run as check_genuine
from services.outreach.adapters.rule_packs import load_packs
from services.outreach.adapters.vectors import our_files, read_vectors, report
from services.outreach.entrypoints.export import run_export
from services.outreach.main import create_service
from services.outreach.verifier import time_travel
from shared.kernel.clock import SystemClock
from shared.service.genuine_keys import new_secret
from shared.service.roles import run_service


def check_vectors(files: list[str]) -> int:
    """Ask the library every vector of the files (of ours, where none is named); 1 where an answer is another."""
    lines, failed = report(read_vectors(map(Path, files) if files else our_files()), load_packs())
    print("\n".join(lines))
    return 1 if failed else 0


def report_conduct() -> int:
    """Read the labelled sentences; 1 where a forbidden one passes, or too many clean ones do not.

    In the repository the held-out sentences are read as well: how it does on what it was not made with.
    """
    measured = measure()
    print("\n".join(measured.lines()))
    for file in filter(Path.exists, (HELD_OUT, FRESH)):
        print(f"\non {file.stem}:\n" + "\n".join(lines_of(measure_held_out(file=file))))
    return 0 if measured.is_good else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["vectors", *files]:
            sys.exit(check_vectors(files))
        case ["export", *words]:
            sys.exit(run_export(create_service(), words))
        case ["time-travel", *words]:
            sys.exit(time_travel.main(words))
        case ["genuine", *words]:
            status, line = check_genuine(words, SystemClock().now().date())
            print(line)
            sys.exit(status)
        case ["genuine-key"]:
            print(new_secret())
        case ["conduct-report"]:
            sys.exit(report_conduct())
        case _:
            run_service(create_service())
