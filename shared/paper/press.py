"""PDF/A-2b (ISO 19005-2) from typst templates.

With PDF/A a character that no font has is an error, not a box: such a document is not made, and says so.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import typst

PDF_STANDARD: Final = "a-2b"


class Press:
    """Compiles one template. The compiler is made once and used by one thread at a time."""

    def __init__(self, template: Path) -> None:
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=True,
            font_paths=[Path(str(files("pylopdf_fonts_zh_cn")))],
        )
        self._compiler = typst.Compiler(template, root=template.parent, font_paths=fonts)
        self._turn = threading.Lock()

    def make(self, content: Mapping[str, Any], dated_at: datetime) -> bytes:
        """One PDF, some 10 to 40 ms; the same content and date give the same bytes. Raises `typst.TypstError`.

        The template reads `content` as JSON from `sys.inputs.data`: it comes in as values, never as source.
        """
        inputs = {"data": json.dumps(content, ensure_ascii=False)}
        with self._turn:
            made = self._compiler.compile(
                sys_inputs=inputs, format="pdf", pdf_standards=[PDF_STANDARD], timestamp=dated_at
            )
        if not isinstance(made, bytes):
            raise TypeError("one document gives one PDF")
        return made
