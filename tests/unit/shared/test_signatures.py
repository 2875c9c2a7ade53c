"""Signed requests and borrower links: forged, replayed, stale, re-serialised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Unidentified
from shared.service.links import make_token, read_token
from shared.service.signatures import SIGNATURE_HEADER, TIMESTAMP_HEADER, TOLERANCE_S, sign, verify

SECRET = b"harbour-credit-secret"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
BODY = b'{"records": []}'


def _signed(
    at: datetime = NOW, *, method: str = "POST", path: str = "/v1/placements", body: bytes = BODY
) -> dict[str, str]:
    return sign(SECRET, key_id="harbour", at=at, method=method, path=path, body=body)


def _verify(headers: dict[str, str], *, secrets: tuple[bytes, ...] = (SECRET,), body: bytes = BODY) -> None:
    verify(secrets, headers, now=NOW, method="POST", path="/v1/placements", body=body)


def test_a_request_signed_with_the_key_is_accepted_also_while_keys_rotate() -> None:
    _verify(_signed())
    _verify(_signed(), secrets=(b"the-new-secret", SECRET))
    headers = _signed()
    _verify({**headers, SIGNATURE_HEADER: "v1=00," + headers[SIGNATURE_HEADER]})


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_one_changed_byte_of_the_body_is_refused(place: int, change: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= change
    with pytest.raises(Unidentified):
        _verify(_signed(), body=bytes(changed))


@pytest.mark.parametrize("headers", [_signed(path="/v1/payments"), _signed(method="PUT"), _signed(body=b"{}"), {}])
def test_a_signature_of_another_request_or_none_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Unidentified):
        _verify(headers)


@pytest.mark.parametrize("seconds", [-TOLERANCE_S, TOLERANCE_S])
def test_a_timestamp_at_the_edge_of_the_window_is_accepted(seconds: int) -> None:
    _verify(_signed(NOW + timedelta(seconds=seconds)))


@pytest.mark.parametrize("seconds", [-TOLERANCE_S - 1, TOLERANCE_S + 1])
def test_a_timestamp_outside_the_window_is_refused(seconds: int) -> None:
    with pytest.raises(Unidentified) as refused:
        _verify(_signed(NOW + timedelta(seconds=seconds)))
    assert refused.value.code == "stale_timestamp"


@pytest.mark.parametrize("timestamp", ["", "soon", "-1", "١٢٣", "9" * 13])
def test_a_timestamp_that_is_no_number_is_refused(timestamp: str) -> None:
    with pytest.raises(Unidentified):
        _verify({**_signed(), TIMESTAMP_HEADER: timestamp})


def test_a_link_names_its_case_until_it_expires() -> None:
    case = new_id()
    token = make_token(SECRET, case, NOW)
    assert read_token(SECRET, token, NOW) == case
    with pytest.raises(Unidentified):
        read_token(SECRET, token, NOW + timedelta(seconds=1))


@given(st.text(max_size=80))
def test_any_other_text_is_no_link(text: str) -> None:
    with pytest.raises(Unidentified):
        read_token(SECRET, text, NOW)


def test_a_link_made_with_another_key_or_changed_is_refused() -> None:
    token = make_token(b"another-key", new_id(), NOW)
    with pytest.raises(Unidentified):
        read_token(SECRET, token, NOW)
    ours = make_token(SECRET, new_id(), NOW)
    with pytest.raises(Unidentified):
        read_token(SECRET, ("A" if ours[0] != "A" else "B") + ours[1:], NOW)
