"""Asks whether somebody listens or answers. Cheap, since twenty processes are asked many times while they start."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

_ANSWER_WITHIN_SECONDS = 2.0


async def is_open(host: str, port: int) -> bool:
    """True if somebody listens there."""
    try:
        async with asyncio.timeout(_ANSWER_WITHIN_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def answers(url: str) -> bool:
    """True if a GET of the address (plain http, on this machine) is answered with 2xx within two seconds."""
    try:
        async with asyncio.timeout(_ANSWER_WITHIN_SECONDS):
            return 200 <= await _status(url) < 300
    except (OSError, TimeoutError, ValueError, IndexError):
        return False


async def _status(url: str) -> int:
    """The status code. Spoken by hand: an HTTP client costs more to make than the question costs to ask."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        request = f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode("ascii"))
        await writer.drain()
        status_line = await reader.readline()
        return int(status_line.split()[1])
    finally:
        writer.close()
