"""The templates that come with the release, as versions approved by `concord`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import yaml

from services.outreach.domain.templates.version import TemplateVersion, Text

FILE = Path(__file__).parent / "templates.yaml"
MAKER, CHECKER = "concord", "concord-review"
SHIPPED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def shipped_templates(file: Path = FILE) -> list[TemplateVersion]:
    """Version 1 of each."""
    document = yaml.safe_load(file.read_text("utf-8"))
    return [
        TemplateVersion(
            code=code,
            version=1,
            channel=entry["channel"],
            purpose=entry["purpose"],
            audience=entry["audience"],
            texts={language: Text(text["subject"], text["body"]) for language, text in entry["texts"].items()},
            made_by=MAKER,
            made_at=SHIPPED_AT,
            state="approved",
            checked_by=CHECKER,
            checked_at=SHIPPED_AT,
        )
        for code, entry in document["templates"].items()
    ]
