"""`python -m services.reporting ROLE`: api, subscriber, relay, migrate or dead-letters."""

from services.reporting.main import create_service
from shared.service.roles import run_service

if __name__ == "__main__":
    run_service(create_service())
