"""`python -m services.outreach genuine CODE --key FILE`: checks a code without asking anybody, least of all us."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from services.outreach.adapters.genuine import read_list
from services.outreach.domain.genuine.checking import DailyList, Finding, check_code, check_token, looks_like_token
from shared.kernel.genuine.code import day_of, read_code
from shared.kernel.genuine.token import read_token
from shared.service.genuine_keys import PublishedKeys

GENUINE, NOT_GENUINE, UNUSABLE = 0, 1, 2
_SAYS = {
    "genuine": "genuine",
    "not_readable": "not genuine: this is none of our codes, or there is a slip in it",
    "forged": "not genuine: none of the published keys signed it",
    "unknown_code": "not genuine: the list of its day has no such code",
    "other_day": "not genuine: issued, but on another day",
    "text_altered": "not genuine: issued, but for another text",
    "list_needed": "not proven: a short code needs the list of its day, --list FILE",
    "list_forged": "not proven: the list is of another day, or none of the published keys signed it",
}


def run(words: Sequence[str], today: date) -> tuple[int, str]:
    """Exit status and the line to print. Reads files only."""
    options = _parser().parse_args(list(words))
    try:
        keys = PublishedKeys.read(options.key.read_bytes())
        published = None if options.list is None else read_list(options.list.read_bytes())
        text = None if options.text is None else options.text.read_text("utf-8")
    except (OSError, ValueError) as error:
        return UNUSABLE, f"cannot be checked: {error}"
    finding = _check(options.code, keys, published, today, options.day, text)
    proven = [part for part in (finding.kind, finding.issued_on and finding.issued_on.isoformat()) if part]
    line = " ".join([_SAYS[finding.answer], *([f"({', '.join(proven)})"] if proven else [])])
    return GENUINE if finding.is_genuine else NOT_GENUINE, line


def _check(
    typed: str,
    keys: PublishedKeys,
    published: DailyList | None,
    today: date,
    received_on: date | None,
    text: str | None,
) -> Finding:
    typed = typed.rpartition("=")[2]
    try:
        if looks_like_token(typed):
            return check_token(read_token(typed), keys.verify, received_on=received_on, text=text)
        code = read_code(typed)
    except ValueError:
        return Finding("not_readable")
    # The code names its day within some years; the list says which one is meant.
    day = day_of(code, today if published is None else max(today, published.day))
    return check_code(code, day, published, keys.verify, received_on=received_on, text=text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.outreach genuine", description=__doc__)
    parser.add_argument("code", help="the short code, the full token, or the address from a picture code")
    parser.add_argument("--key", type=Path, required=True, help="the published keys, /.well-known/concord-keys.json")
    parser.add_argument("--list", type=Path, help="the list of the code's day, /v1/genuine/lists/DAY")
    parser.add_argument("--day", type=date.fromisoformat, help="the day the message says it is of, YYYY-MM-DD")
    parser.add_argument("--text", type=Path, help="a file with the message's text, to prove the text as well")
    return parser
