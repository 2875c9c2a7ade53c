"""What `make run ARGS="..."` takes."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from deploy.sandbox.summary import Lang

DAYS_MAX = 3_650
CASES_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class RunOptions:
    """`cases` is the number of generated Chinese cases; `data` replaces everything that is built in."""

    exits: bool
    summary: Path | None
    days: int
    data: Path | None
    cases: int
    seed: int
    lang: Lang


def read_options(arguments: Sequence[str] | None = None) -> RunOptions:
    """Parse the command line; argparse ends the program with code 2 where it is wrong."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--exit", action="store_true", dest="exits", help="end by itself instead of staying up")
    parser.add_argument("--summary", type=Path, metavar="FILE", help="write the summary as JSON")
    parser.add_argument("--days", type=_between(1, DAYS_MAX), default=120, help="simulated days (120)")
    parser.add_argument("--data", type=Path, metavar="FILE", help="CSV or NDJSON in the placement format")
    parser.add_argument("--cases", type=_between(0, CASES_MAX), default=500, help="generated Chinese cases (500)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other borrowers (1)")
    parser.add_argument("--lang", choices=get_args(Lang), default="en", help="language of the summary (en)")
    return RunOptions(**vars(parser.parse_args(arguments)))


def _between(least: int, most: int) -> Callable[[str], int]:
    def whole_number(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"between {least} and {most}")
        return number

    return whole_number
