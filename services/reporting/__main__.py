"""`python -m services.reporting ROLE`: api, subscriber, relay, migrate, dead-letters, or rebuild-figures."""

import asyncio
import sys

from services.reporting.main import create_service, rebuild
from shared.service.roles import run_service

if __name__ == "__main__":
    if sys.argv[1:] == ["rebuild-figures"]:
        print(f"{asyncio.run(rebuild())} entries folded")
    else:
        run_service(create_service())
