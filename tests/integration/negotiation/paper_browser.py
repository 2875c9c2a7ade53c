"""A browser of paper: follows links, keeps cookies, and sends the forms of a page with their hidden fields."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from uuid import UUID

import httpx

from tests.integration.negotiation.office import BORN_ON, Office

_FORM = re.compile(r"<form[^>]*?action=\"([^\"]+)\"[^>]*>(.*?)</form>", re.DOTALL)
_HIDDEN = re.compile(r"<input type=\"hidden\" name=\"(\w+)\" value=\"([^\"]*)\"")


@dataclass
class PaperBrowser:
    """`page` is what it shows."""

    client: httpx.AsyncClient
    page: httpx.Response = field(default_factory=lambda: httpx.Response(204))

    @property
    def text(self) -> str:
        return unescape(self.page.text)

    async def open(self, path: str) -> httpx.Response:
        self.page = await self.client.get(path, follow_redirects=True)
        return self.page

    def hidden(self, action: str) -> dict[str, str]:
        """The hidden fields of the form on the page that is sent to `action`."""
        forms = dict(_FORM.findall(self.page.text))
        return {name: unescape(value) for name, value in _HIDDEN.findall(forms[action])}

    async def send(self, action: str, /, **fields: str) -> httpx.Response:
        """Fill in the form that is sent to `action` and follow where it leads."""
        form = {**self.hidden(action), **fields}
        self.page = await self.client.post(action, data=form, follow_redirects=True)
        return self.page

    async def answer(self, token: str, born_on: str = BORN_ON) -> httpx.Response:
        """Open a link and answer its question."""
        await self.open(f"/b/{token}")
        return await self.send(f"/b/{token}", **birthday(born_on))


def birthday(born_on: str = BORN_ON) -> dict[str, str]:
    return dict(zip(("year", "month", "day"), born_on.split("-"), strict=True))


@asynccontextmanager
async def visiting(office: Office, case_id: UUID, **headers: str) -> AsyncIterator[PaperBrowser]:
    """Somebody who got in and sees the first page."""
    async with office.browse(**headers) as client:
        browser = PaperBrowser(client)
        office.links += 1
        page = await browser.answer(office.token(case_id, days=400, seconds=office.links))
        assert (page.status_code, page.url.path) == (200, "/portal"), page.text
        yield browser
