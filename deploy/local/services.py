"""Which processes the five services consist of, and what their environment says."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from deploy.local.folder import REPOSITORY
from deploy.local.ports import HOST, Ports
from deploy.local.processes import Command

SERVICES = ("intake", "assessment", "outreach", "negotiation", "reporting")
ROLES: Mapping[str, tuple[str, ...]] = {
    "intake": ("api", "subscriber", "relay"),
    "assessment": ("api", "subscriber", "relay"),
    "outreach": ("api", "subscriber", "relay", "timers"),
    "negotiation": ("api", "subscriber", "relay", "timers"),
    "reporting": ("api", "subscriber", "relay"),
}

_API_PORTS = {name: 8101 + position for position, name in enumerate(SERVICES)}
_OTHER_PORTS_FROM = 8120
# A subscriber finishes the batch in hand, an API the requests in hand.
_STOP_WITHIN_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Role:
    """One process of one service, and the port of its health, its figures and (for `api`) its API."""

    service: str
    role: str
    port: int

    @property
    def name(self) -> str:
        return f"{self.service}-{self.role}"

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"


def lay_out(ports: Ports) -> list[Role]:
    """Every role of every service with its port; the APIs first, since people know theirs by heart."""
    apis = [Role(name, "api", ports.take(_API_PORTS[name], f"{name}'s API")) for name in SERVICES]
    others = [(name, role) for name in SERVICES for role in ROLES[name] if role != "api"]
    return apis + [
        Role(name, role, ports.take(_OTHER_PORTS_FROM + position, f"{name}'s {role}"))
        for position, (name, role) in enumerate(others)
    ]


def api_addresses(roles: list[Role]) -> dict[str, str]:
    """Service name -> address of its API."""
    return {role.service: role.url for role in roles if role.role == "api"}


def environment_of(role: Role, common: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of one process: the machine's, what all services share, its own addresses and port."""
    return {
        **os.environ,
        **common,
        **_own_addresses(role.service, common),
        "HTTP_HOST": HOST,
        "HTTP_PORT": str(role.port),
        "PYTHONUNBUFFERED": "1",
    }


def _own_addresses(service: str, common: Mapping[str, str]) -> dict[str, str]:
    """Where borrowers reach negotiation: the simulated provider's page, its notices and the check of documents are
    there. Outreach has a setting of the same name for a real provider's webhooks, which reach no local stack.
    """
    url = common.get("NEGOTIATION_URL")
    return {"PUBLIC_URL": url, "CHECK_PAGE": f"{url}/genuine"} if service == "negotiation" and url else {}


def command_of(role: Role, common: Mapping[str, str]) -> Command:
    argv = (sys.executable, "-m", f"services.{role.service}", role.role)
    return Command(role.name, argv, environment_of(role, common), REPOSITORY, stop_within_seconds=_STOP_WITHIN_SECONDS)


def migrations(apis: list[Role], common: Mapping[str, str]) -> Iterator[Command]:
    """One command per service that makes or migrates its database."""
    for api in apis:
        argv = (sys.executable, "-m", f"services.{api.service}", "migrate")
        yield Command(f"{api.service}-migrate", argv, environment_of(api, common), REPOSITORY)
