"""A token in every form: proof that the form came from us, for this visit and this address. Nothing is stored.

The cookie alone is SameSite=Strict already; the token also stops a page of ours from being made to send another form.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from shared.kernel.refusal import NotAllowed

_NONCE_BYTES = 12
_MAC_CHARACTERS = 43
TOKEN_LENGTH_MAX = 100


class FormExpired(NotAllowed):
    def __init__(self) -> None:
        super().__init__("form_expired", "this form belongs to another visit; open its page again")


def make_form_token(key: bytes, holder: bytes, action: str) -> str:
    """`holder` is whose form it is (the hash of a session's key), `action` the path that it is sent to."""
    nonce = secrets.token_urlsafe(_NONCE_BYTES)
    return f"{nonce}.{_mac(key, holder, action, nonce)}"


def read_form_token(key: bytes, holder: bytes, action: str, token: str) -> str:
    """What tells this form from every other one: fit as an idempotency key. Raises FormExpired."""
    nonce, _, mac = token[:TOKEN_LENGTH_MAX].partition(".")
    expected = _mac(key, holder, action, nonce)
    if not holder or not hmac.compare_digest(expected.encode(), mac.encode("utf-8", "replace")):
        raise FormExpired
    return nonce


def _mac(key: bytes, holder: bytes, action: str, nonce: str) -> str:
    signed = b"\x00".join((b"portal-form", holder, action.encode(), nonce.encode("utf-8", "replace")))
    return hmac.new(key, signed, hashlib.sha256).hexdigest()[:_MAC_CHARACTERS]
