"""Calls to Alibaba Cloud's API, signed as "V3 request structure and signature" (ACS3-HMAC-SHA256) describes.

Signed: method, path, query, the headers `host`, `content-type` and `x-acs-*` in order, their names, and the body's
SHA-256. The parameters travel in the body as a form, so that no telephone number stands in an address.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode
from uuid import uuid4

import httpx

ALGORITHM = "ACS3-HMAC-SHA256"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class AliyunKey:
    access_key_id: str
    access_key_secret: str


class AliyunApi:
    """Builds signed requests of one product's API (`version`). Alibaba refuses a time more than 15 minutes away."""

    def __init__(self, client: httpx.AsyncClient, key: AliyunKey, version: str, now: Callable[[], datetime]) -> None:
        self.client = client
        self._key = key
        self._version = version
        self._now = now

    def request(self, action: str, parameters: Mapping[str, str], timeout: httpx.Timeout) -> httpx.Request:
        body = urlencode(parameters, quote_via=quote, safe="-_.~").encode()
        request = self.client.build_request("POST", "/", content=body, timeout=timeout)
        headers = {
            "content-type": FORM,
            "host": request.headers["host"],
            "x-acs-action": action,
            "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
            "x-acs-date": self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": uuid4().hex,
            "x-acs-version": self._version,
        }
        request.headers.update(headers)
        request.headers["Authorization"] = acs3_authorization(self._key, "POST", "/", {}, headers)
        return request


def acs3_authorization(
    key: AliyunKey, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> str:
    """The header's value. `headers` are those that are signed, in lower case, `x-acs-content-sha256` among them."""
    names = sorted(headers)
    canonical_query = "&".join(f"{_encoded(name)}={_encoded(query[name])}" for name in sorted(query))
    canonical_headers = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    signed_names = ";".join(names)
    canonical = "\n".join(
        (method, path, canonical_query, canonical_headers, signed_names, headers["x-acs-content-sha256"])
    )
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(key.access_key_secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key.access_key_id},SignedHeaders={signed_names},Signature={signature}"


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")
