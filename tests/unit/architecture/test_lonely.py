"""A service stands on shared/ alone: copied away with nothing else, it still comes together."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.architecture.sources import ROOT, SERVICES

COME_TOGETHER = """
import asyncio, importlib, sys
from shared.db.database import open_database
from shared.kernel.clock import SystemClock
from shared.service.app import build_app
from shared.service.service import Platform

async def main(name):
    service = importlib.import_module(f"services.{name}.main").create_service()
    database = open_database("postgresql://nobody@127.0.0.1:1/nothing", name, SystemClock(), role="concord_api")
    platform = Platform("api", SystemClock(), database)
    async with service.open_resources(platform) as resources:
        assert service.subscriptions(resources)
        app = build_app(service, platform, resources=resources)
        assert app.openapi()["paths"]
    await database.close()
    strangers = [m for m in sys.modules if m.startswith("services.") and m.split(".")[1] != name]
    assert not strangers, strangers
    print("came together")

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_comes_together_without_the_others(service: str, tmp_path: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "shared", tmp_path / "shared", ignore=ignore)
    shutil.copytree(ROOT / "services" / service, tmp_path / "services" / service, ignore=ignore)
    shutil.copy(ROOT / "services" / "__init__.py", tmp_path / "services" / "__init__.py")
    done = subprocess.run(
        [sys.executable, "-c", COME_TOGETHER, service], cwd=tmp_path, env={}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    assert done.stdout == "came together\n"
