"""Codes and tokens: what is ours verifies without us; what was forged, altered or moved to another day does not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.outreach.adapters.genuine import SigningKey, read_list
from services.outreach.adapters.genuine_command import run
from services.outreach.domain.genuine.checking import check_code, check_token
from services.outreach.settings import OutreachSettings
from shared.kernel.genuine import base32
from shared.kernel.genuine.code import code_of, commitment_of, day_of, read_code
from shared.kernel.genuine.token import KINDS, Token, digest_of, read_token, text_hash
from shared.service.genuine_keys import PublishedKeys, new_secret

KEY = SigningKey("a key of a test", "concord-recovery")
FORGER = SigningKey("another key", "concord-recovery")
KEYS = PublishedKeys.read(orjson.dumps(KEY.published_keys()))
DAY = date(2026, 3, 2)
ATTEMPT = UUID("01900000-0000-7000-8000-0000000000a1")
TEXT = "Concord Recovery for Harbour Credit: see https://pages.example.com/b/x. Code 0000-0000-0000-0000."
DIGEST = digest_of(text_hash(TEXT))
DAYS = st.dates(date(2020, 1, 1), date(2199, 1, 1))


def stamp(day: date = DAY, attempt: UUID = ATTEMPT, *, key: SigningKey = KEY, kind: str = "sms") -> Token:
    return key.stamp(kind, attempt, day, DIGEST)


def listed(*tokens: Token, key: SigningKey = KEY, day: date = DAY) -> bytes:
    return key.sign_list(day, {commitment_of(code_of(token), day): DIGEST.hex() for token in tokens})


@given(st.binary(max_size=120))
def test_base_32_comes_back_as_it_went(raw: bytes) -> None:
    assert base32.decode(base32.encode(raw)) == raw


@given(DAYS, st.uuids(), st.sampled_from(KINDS))
def test_a_token_of_ours_verifies_with_the_published_key_alone(day: date, attempt: UUID, kind: str) -> None:
    token = read_token(stamp(day, attempt, kind=kind).text)
    finding = check_token(token, KEYS.verify, received_on=day, text=TEXT)
    assert (finding.answer, finding.issued_on, finding.kind) == ("genuine", day, kind)


@given(st.integers(0, 159), st.sampled_from(base32.ALPHABET))
def test_a_token_with_one_character_changed_is_not_ours(place: int, letter: str) -> None:
    text = stamp().text
    if text[place] == letter:
        return
    changed = text[:place] + letter + text[place + 1 :]
    try:
        token = read_token(changed)
    except ValueError:
        return
    assert check_token(token, KEYS.verify).answer == "forged"


@given(st.binary(min_size=100, max_size=100))
def test_an_invented_token_is_not_ours(raw: bytes) -> None:
    try:
        token = read_token(base32.encode(raw))
    except ValueError:
        return
    assert not check_token(token, KEYS.verify).is_genuine


def test_a_token_made_with_another_key_is_forged_even_under_our_key_id() -> None:
    assert check_token(stamp(key=FORGER), KEYS.verify).answer == "forged"
    claim = stamp().claim
    assert check_token(Token(claim, stamp(key=FORGER).signature), KEYS.verify).answer == "forged"


@given(DAYS)
def test_a_token_is_of_its_own_day_only(day: date) -> None:
    finding = check_token(stamp(), KEYS.verify, received_on=day)
    assert finding.is_genuine == (day == DAY)


def test_a_token_copied_into_another_text_is_told() -> None:
    assert check_token(stamp(), KEYS.verify, text=TEXT.replace("Harbour", "Granite")).answer == "text_altered"


def test_white_space_and_the_code_itself_do_not_change_the_text() -> None:
    token = stamp()
    sent = TEXT.replace("0000-0000-0000-0000", code_of(token)).replace(" ", "\n  ")
    assert check_token(token, KEYS.verify, text=sent).is_genuine


def test_a_token_names_nobody() -> None:
    """The attempt cannot be read back, and two messages of one attempt's neighbours have nothing in common."""
    assert ATTEMPT.bytes not in stamp().raw
    other = stamp(attempt=UUID(int=ATTEMPT.int + 1))
    assert other.claim.opaque_id != stamp().claim.opaque_id


@given(st.uuids(), DAYS)
def test_a_short_code_is_read_back_from_hasty_typing(attempt: UUID, day: date) -> None:
    code = code_of(stamp(day, attempt))
    hasty = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_code(hasty) == code
    assert day_of(code, day) == day
    assert day_of(code, day + timedelta(days=900)) == day


@given(st.integers(0, 15), st.sampled_from(base32.ALPHABET))
def test_one_slip_in_a_short_code_is_noticed_without_any_list(place: int, letter: str) -> None:
    letters = code_of(stamp()).replace("-", "")
    if letters[place] != letter:
        with pytest.raises(ValueError, match="slip"):
            read_code(letters[:place] + letter + letters[place + 1 :])


@given(st.integers(0, 14))
def test_two_neighbours_swapped_in_a_short_code_are_noticed(place: int) -> None:
    letters = code_of(stamp()).replace("-", "")
    swapped = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
    if swapped != letters:
        with pytest.raises(ValueError, match="slip"):
            read_code(swapped)


@pytest.mark.parametrize("typed", ["", "0000", "U" * 16, "6CWE-2983-R7GQ", "6CWE-2983-R7GQ-YD9P-0"])
def test_what_is_no_code_is_not_read(typed: str) -> None:
    with pytest.raises(ValueError, match="not a code"):
        read_code(typed)


def test_a_short_code_on_the_list_of_its_day_is_proven_with_its_text() -> None:
    token = stamp()
    published = read_list(listed(token))
    finding = check_code(code_of(token), DAY, published, KEYS.verify, received_on=DAY, text=TEXT)
    assert finding.answer == "genuine"
    other = check_code(code_of(token), DAY, published, KEYS.verify, text=TEXT + " Pay to another account.")
    assert other.answer == "text_altered"


def test_a_short_code_of_another_message_or_day_is_not_on_the_list() -> None:
    published = read_list(listed(stamp()))
    stranger = code_of(stamp(attempt=UUID(int=7)))
    assert check_code(stranger, DAY, published, KEYS.verify).answer == "unknown_code"
    moved = code_of(stamp(DAY + timedelta(days=1)))
    assert check_code(moved, DAY + timedelta(days=1), published, KEYS.verify).answer == "list_forged"
    late = check_code(code_of(stamp()), DAY, published, KEYS.verify, received_on=DAY + timedelta(days=1))
    assert late.answer == "other_day"


def test_a_list_that_others_signed_or_changed_proves_nothing() -> None:
    token = stamp()
    foreign = read_list(listed(token, key=FORGER))
    assert check_code(code_of(token), DAY, foreign, KEYS.verify).answer == "list_forged"
    document = orjson.loads(listed())
    document["entries"][commitment_of(code_of(token), DAY)] = DIGEST.hex()
    changed = read_list(orjson.dumps(document))
    assert check_code(code_of(token), DAY, changed, KEYS.verify).answer == "list_forged"


def test_no_code_can_be_read_from_a_list() -> None:
    token = stamp()
    document = listed(token)
    for written in (code_of(token), code_of(token).replace("-", ""), token.text):
        assert written.encode() not in document


def test_a_short_code_without_its_list_is_not_proven() -> None:
    assert check_code(code_of(stamp()), DAY, None, KEYS.verify).answer == "list_needed"


def test_what_a_retired_key_signed_still_verifies() -> None:
    keys = orjson.loads(orjson.dumps(KEY.published_keys()))
    newer = SigningKey("the next key", "concord-recovery", (keys["keys"][0]["public_key"],))
    published = PublishedKeys.read(orjson.dumps(newer.published_keys()))
    assert check_token(stamp(), published.verify).is_genuine
    assert check_token(stamp(key=newer), published.verify).is_genuine
    assert not check_token(stamp(key=newer), KEYS.verify).is_genuine


def test_the_published_document_holds_no_secret() -> None:
    secret = new_secret()
    document = orjson.dumps(SigningKey(secret, "concord-recovery").published_keys())
    assert secret.encode() not in document


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"keys": [{"public_key": "x"}]}', b'{"keys": 3}'])
def test_what_is_no_document_of_keys_is_refused(document: bytes) -> None:
    with pytest.raises(ValueError, match="published keys"):
        PublishedKeys.read(document)


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"signature": "", "day": "2026-03-02"}'])
def test_what_is_no_list_is_refused(document: bytes) -> None:
    with pytest.raises(ValueError, match="daily list"):
        read_list(document)


def test_the_command_checks_files_and_nothing_else(tmp_path: Path) -> None:
    token = stamp(kind="letter")
    keys, lists, text = tmp_path / "keys.json", tmp_path / "list.json", tmp_path / "text.txt"
    keys.write_bytes(orjson.dumps(KEY.published_keys()))
    lists.write_bytes(listed(token))
    text.write_text(TEXT, "utf-8")
    address = f"https://pages.example.com/genuine?code={token.text}"
    assert run([address, "--key", str(keys), "--text", str(text)], DAY) == (0, "genuine (letter, 2026-03-02)")
    code = code_of(token)
    assert run([code, "--key", str(keys), "--list", str(lists)], DAY) == (0, "genuine (2026-03-02)")
    assert run([code, "--key", str(keys)], DAY)[0] == 1
    assert run([code, "--key", str(keys), "--list", str(lists), "--day", "2026-03-03"], DAY)[0] == 1
    assert run([code, "--key", str(tmp_path / "none.json")], DAY)[0] == 2
    assert run(["hello", "--key", str(keys)], DAY)[0] == 1


def test_production_refuses_the_sandbox_key() -> None:
    secrets = ("service_secret", "staff_token", "webhook_secret", "link_secret", "vault_key", "session_secret")
    real = dict.fromkeys(secrets, "a real one of production")
    carriers = {"smtp_host": "mail.example.com", "smtp_use_tls": True, "simulator_url": "https://provider.example.com"}
    with pytest.raises(ValidationError, match="genuine_key"):
        OutreachSettings(environment="production", **real, **carriers)  # type: ignore[arg-type]  # pydantic reads text
    OutreachSettings(environment="production", genuine_key=new_secret(), **real, **carriers)  # type: ignore[arg-type]  # as above


def test_a_stamp_is_the_same_for_the_same_message() -> None:
    """Ed25519 signatures are deterministic: what was sent can be made again."""
    assert stamp() == stamp()
