"""Which way to the lender as furnisher an installation has."""

from __future__ import annotations

from pathlib import Path

from services.negotiation.adapters.bureau.folder import FolderBureau
from services.negotiation.adapters.bureau.sandbox import SandboxBureau
from services.negotiation.application.fresh_start_ports import Bureau


def open_bureau(folder: Path | None, environment: str) -> Bureau | None:
    """None in production without a folder: staff download the letters and say what was sent and answered."""
    if folder is not None:
        return FolderBureau(folder)
    return SandboxBureau() if environment == "sandbox" else None
