"""`python -m deploy.sandbox`: what `make run` starts."""

from __future__ import annotations

import asyncio
import sys

from deploy.local.errors import StackError
from deploy.sandbox.calls import UnexpectedAnswer
from deploy.sandbox.quiet import NotQuiet
from deploy.sandbox.run import run
from deploy.sandbox.run_options import read_options


def main() -> int:
    """The exit code says whether everything held."""
    options = read_options()
    try:
        return asyncio.run(run(options))
    except (StackError, NotQuiet, UnexpectedAnswer, OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
