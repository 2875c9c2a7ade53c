"""`python -m services.outreach ROLE`, or `python -m services.outreach vectors [FILE...]`."""

import sys
from pathlib import Path

from services.outreach.adapters.rule_packs import load_packs
from services.outreach.adapters.vectors import our_files, read_vectors, report
from services.outreach.main import create_service
from shared.service.roles import run_service


def check_vectors(files: list[str]) -> int:
    """Ask the library every vector of the files (of ours, where none is named); 1 where an answer is another."""
    lines, failed = report(read_vectors(map(Path, files) if files else our_files()), load_packs())
    print("\n".join(lines))
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["vectors"]:
        sys.exit(check_vectors(sys.argv[2:]))
    run_service(create_service())
