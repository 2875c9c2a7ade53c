"""The agency's signing key, and the daily lists that it signs."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import date

import orjson

from services.outreach.domain.genuine.checking import DailyList
from shared.service.genuine_keys import PURPOSE, GenuineKey

LIST_CONTEXT = b"concord genuine list 1\n"


class SigningKey(GenuineKey):
    """`Genuineness`. `secret`: 32 bytes in hex as made by `python -m services.outreach genuine-key`, or any text."""

    def sign_list(self, day: date, entries: Mapping[str, str]) -> bytes:
        body = {
            "agency": self._agency,
            "day": day.isoformat(),
            "entries": dict(sorted(entries.items())),
            "key_id": self._key_id.hex(),
            "purpose": PURPOSE,
        }
        signature = self._private.sign(_signed(body))
        return orjson.dumps(
            {**body, "signature": base64.b64encode(signature).decode()},
            option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE,
        )

    def read_list(self, document: bytes) -> DailyList:
        return read_list(document)


def read_list(document: bytes) -> DailyList:
    """Raises ValueError for what is no list; says nothing yet about who signed it."""
    try:
        body = orjson.loads(document)
        signature = base64.b64decode(body.pop("signature"), validate=True)
        return DailyList(
            day=date.fromisoformat(body["day"]),
            key_id=bytes.fromhex(body["key_id"]),
            entries=dict(body["entries"]),
            signed=_signed(body),
            signature=signature,
        )
    except (KeyError, TypeError, AttributeError, ValueError, binascii.Error) as error:
        raise ValueError("not a daily list") from error


def _signed(body: Mapping[str, object]) -> bytes:
    """The bytes under the signature: context, then the document without it, keys sorted."""
    return LIST_CONTEXT + orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
