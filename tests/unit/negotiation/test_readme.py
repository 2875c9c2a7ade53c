"""The README names everything that somebody who runs negotiation meets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import services.negotiation
from services.negotiation.adapters.tables import metadata
from services.negotiation.main import create_service
from services.negotiation.settings import NegotiationSettings
from shared.db.database import new_metadata
from shared.outbox.tables import add_plumbing_tables
from shared.service.settings import ServiceSettings

HOME = Path(services.negotiation.__file__ or "").parent
README = (HOME / "README.md").read_text(encoding="utf-8")


def _tables() -> list[str]:
    plumbing = new_metadata()
    add_plumbing_tables(plumbing)
    assert create_service().metadata is metadata  # with everything that the service has, its tables are known
    return [name for name in metadata.tables if name not in plumbing.tables]


def _settings() -> list[str]:
    common = ServiceSettings.model_fields
    return [name.upper() for name in NegotiationSettings.model_fields if name not in common]


def _timers() -> list[str]:
    return re.findall(r'Timer\("(\w+)"', (HOME / "entrypoints" / "events.py").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [*_tables(), *_settings(), *_timers()])
def test_every_table_setting_and_timer_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize(("found", "one"), [(_tables(), "cases"), (_settings(), "SEAL_KEY"), (_timers(), "relief")])
def test_what_is_looked_for_is_there(found: list[str], one: str) -> None:
    assert one in found
