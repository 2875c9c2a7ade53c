"""The press of an installation that names no print house: it makes no PDFs, letters go out as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.outreach.application.content_ports import LetterOrder


class TextOnlyPress:
    """`LetterPress` of the sandbox. Production names a letter folder or a provider that prints."""

    is_open = False

    async def print(self, orders: Sequence[LetterOrder]) -> Mapping[UUID, bytes]:
        return {}
