"""Picture codes (QR, ISO/IEC 18004), as PNG."""

from __future__ import annotations

from io import BytesIO

import segno

QUIET_ZONE = 4
_MASK = 3
"""Fixed: trying all eight costs five times as much and only evens out the picture."""


def qr_png(payload: str, scale: int = 1) -> bytes:
    picture = BytesIO()
    _make(payload).save(picture, kind="png", scale=scale, border=QUIET_ZONE)
    return picture.getvalue()


def _make(payload: str) -> segno.QRCode:
    return segno.make_qr(payload, error="m", mask=_MASK, boost_error=False)
