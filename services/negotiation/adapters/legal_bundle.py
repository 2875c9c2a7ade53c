"""The evidence bundle: one PDF with an index of page numbers, bookmarks, each document's hash, and numbered pages.

Documents of the file come in as they are, without what could act when they are opened (links, scripts, forms).
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
import typst
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from services.negotiation.application.legal_ports import BundleNotMade, BundleOrder, Chapter
from shared.paper.press import Press

TEMPLATE = Path(__file__).parent / "legal_bundle.typ"
PAGES_MAX = 1_500
TEXT_LINES_MAX = 2_000
LINE_LENGTH_MAX = 400
MAKING_S_MAX = 60.0

log = structlog.get_logger("concord.negotiation")


class PdfBundler:
    """`Bundler`. One bundle at a time: the press has one compiler."""

    @cached_property
    def _press(self) -> Press:
        # Loading the fonts takes a while; most processes of the service never print.
        return Press(TEMPLATE)

    async def make(self, order: BundleOrder) -> bytes:
        try:
            return await asyncio.wait_for(asyncio.to_thread(self._make, order), MAKING_S_MAX)
        except (typst.TypstError, PyPdfError, TimeoutError, ValueError, KeyError, RecursionError) as error:
            # The message may quote a document; its kind is all that is safe to tell.
            log.error("bundle.not_made", error=type(error).__name__)
            raise BundleNotMade(type(error).__name__) from None

    def _make(self, order: BundleOrder) -> bytes:
        parts = [self._part(order, chapter) for chapter in order.chapters]
        counts = [len(part.pages) for part in parts]
        index_pages = len(self._index(order, [0] * len(parts)).pages)
        starts = [index_pages + 1 + sum(counts[:place]) for place in range(len(parts))]
        pages = index_pages + sum(counts)
        if pages > PAGES_MAX:
            raise BundleNotMade("too many pages")
        return self._bound(order, [self._index(order, starts), *parts], starts, pages)

    def _bound(self, order: BundleOrder, parts: Sequence[PdfReader], starts: Sequence[int], pages: int) -> bytes:
        stamp = {"mode": "stamps", "title": order.title, "language": order.language, "pages": pages}
        stamps = self._set(order, {**stamp, "stamp": order.words["stamp"]})
        writer = PdfWriter()
        for part in parts:
            writer.append(part, import_outline=False)
        for page, stamped in zip(writer.pages, stamps.pages, strict=True):
            for acting in ("/Annots", "/AA"):
                page.pop(acting, None)
            page.merge_page(stamped)
        for chapter, start in zip(order.chapters, starts, strict=True):
            writer.add_outline_item(title=chapter.title, page_number=start - 1)
        writer.add_metadata({"/Title": order.title, "/Producer": "Concord"})
        bound = io.BytesIO()
        writer.write(bound)
        return bound.getvalue()

    def _index(self, order: BundleOrder, starts: Sequence[int]) -> PdfReader:
        chapters = [
            {"number": place + 1, "title": each.title, "page": start, "hash": each.sha256 or ""}
            for place, (each, start) in enumerate(zip(order.chapters, starts, strict=True))
        ]
        content = {
            "mode": "index",
            "title": order.title,
            "language": order.language,
            "facts": [list(fact) for fact in order.facts],
            "unavailable": list(order.unavailable),
            "words": dict(order.words),
            "chapters": chapters,
        }
        return self._set(order, content)

    def _part(self, order: BundleOrder, chapter: Chapter) -> PdfReader:
        if chapter.media_type == "application/pdf" and chapter.content is not None:
            return _own_pages(chapter)
        lines, note = _lines(chapter)
        content = {
            "mode": "chapter",
            "title": chapter.title,
            "language": order.language,
            "note": " ".join(said for said in (chapter.note, note) if said),
            "rows": [list(row) for row in chapter.rows],
            "text": lines,
        }
        return self._set(order, content)

    def _set(self, order: BundleOrder, content: dict[str, Any]) -> PdfReader:
        return PdfReader(io.BytesIO(self._press.make(content, order.dated_at)))


def _own_pages(chapter: Chapter) -> PdfReader:
    content = chapter.content or b""
    if chapter.sha256 != sha256(content).hexdigest():
        raise BundleNotMade("a document is not the one whose hash was kept")
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted or len(reader.pages) > PAGES_MAX:
        raise BundleNotMade("a document is locked, or too long")
    return reader


def _lines(chapter: Chapter) -> tuple[list[str], str]:
    """The text of a document in lines; what is too long is said to be so, never quietly left out."""
    if chapter.content is None:
        return [], ""
    lines = [
        line[start : start + LINE_LENGTH_MAX]
        for line in chapter.content.decode("utf-8", "replace").splitlines()
        for start in range(0, max(len(line), 1), LINE_LENGTH_MAX)
    ]
    if len(lines) > TEXT_LINES_MAX:
        return lines[:TEXT_LINES_MAX], f"[{TEXT_LINES_MAX} / {len(lines)}]"
    return lines, ""
