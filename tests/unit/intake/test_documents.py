"""What the documents tell lenders is what the service does."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.intake.domain import checks
from services.intake.entrypoints.schemas import PlacementBody
from shared.service.signatures import verify
from tests.unit.intake.builders import codes

DOCS = Path(__file__).parents[3] / "docs"
FORMAT = (DOCS / "placement-format.md").read_text("utf-8")


def _block(text: str, language: str) -> str:
    match = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert match is not None
    return match[1]


def test_the_documented_record_passes_every_check() -> None:
    record: dict[str, Any] = json.loads(_block(FORMAT, "json"))
    assert codes(record) == {}


def test_every_field_is_documented() -> None:
    fields = set(PlacementBody.model_fields)
    assert [name for name in sorted(fields) if f"`{name}`" not in FORMAT] == []


def test_every_code_of_a_check_is_documented() -> None:
    source = Path(checks.__file__).read_text("utf-8")
    found = set(re.findall(r'(?:Reason|_scrubbed)\((?:[a-z_.]+, )?"([a-z_]+)"', source)) - {"not_known"}
    assert len(found) > 25
    assert [code for code in sorted(found) if f"`{code}`" not in FORMAT] == []


def test_the_documented_way_to_sign_is_the_one_we_verify() -> None:
    names: dict[str, Any] = {}
    exec(_block((DOCS / "how-to" / "sign-requests.md").read_text("utf-8"), "python"), names)  # noqa: S102 - our own text
    signed_headers: Callable[[str, str, str, str, bytes], Mapping[str, str]] = names["signed_headers"]
    headers = signed_headers("lender:1", "hidden", "POST", "/v1/placements?x=1", b"{}")
    now = datetime.fromtimestamp(time.time(), UTC)
    verify([b"hidden"], headers, now=now, method="POST", path="/v1/placements?x=1", body=b"{}")
