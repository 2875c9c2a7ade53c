"""`python -m services.outreach ROLE`."""

from services.outreach.main import create_service
from shared.service.roles import run_service

if __name__ == "__main__":
    run_service(create_service())
