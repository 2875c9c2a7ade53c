"""`make check`: every fast check, one line each; the output of those that failed. The same in CI."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

LINT = {
    "format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "lint": ["-m", "ruff", "check", "--quiet", "."],
    "types": ["-m", "mypy"],
    "arrows": ["-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"],
    "generated": ["-m", "docs.generate", "--check"],
}
TESTS = {"tests": ["-m", "pytest", "-q", "tests/unit", "tests/contracts"]}


@dataclass(frozen=True)
class Result:
    name: str
    status: int
    output: str
    seconds: float


def _run(name: str, arguments: list[str]) -> Result:
    started = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    return Result(name, done.returncode, done.stdout + done.stderr, time.perf_counter() - started)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["lint", "tests"], help="one half alone")
    only = parser.parse_args().only
    checks = {**({} if only == "tests" else LINT), **({} if only == "lint" else TESTS)}
    with ThreadPoolExecutor(max_workers=3) as pool:
        results = list(pool.map(lambda item: _run(*item), checks.items()))
    for result in results:
        print(f"{'ok  ' if result.status == 0 else 'FAIL'} {result.name:10} {result.seconds:5.1f} s")
    for result in results:
        if result.status != 0:
            print(f"\n--- {result.name}\n{result.output.rstrip()}")
    return max(abs(result.status) for result in results)


if __name__ == "__main__":
    sys.exit(main())
