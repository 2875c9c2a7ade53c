"""`python -m services.outreach ROLE`, or one of the commands: vectors, export, time-travel."""

import sys
from pathlib import Path

from services.outreach.adapters.archive import open_archive
from services.outreach.adapters.rule_packs import load_packs
from services.outreach.adapters.vectors import our_files, read_vectors, report
from services.outreach.entrypoints.export import run_export
from services.outreach.main import create_service
from services.outreach.verifier import time_travel
from shared.service.roles import run_service


def check_vectors(files: list[str]) -> int:
    """Ask the library every vector of the files (of ours, where none is named); 1 where an answer is another."""
    lines, failed = report(read_vectors(map(Path, files) if files else our_files()), load_packs())
    print("\n".join(lines))
    return 1 if failed else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["vectors", *files]:
            sys.exit(check_vectors(files))
        case ["export", *words]:
            sys.exit(run_export(create_service(), words, open_archive))
        case ["time-travel", *words]:
            sys.exit(time_travel.main(words))
        case _:
            run_service(create_service())
