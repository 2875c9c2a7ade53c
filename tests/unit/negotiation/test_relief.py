"""Relief: which states follow which, when each ends, what it turns into, and which files are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from uuid import UUID, uuid4

import orjson
import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.negotiation.adapters.evidence_sealer import EvidenceSealer
from services.negotiation.adapters.relief import relief_from
from services.negotiation.domain.calendar import add_months, end_of_day
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.mandates import mandate_of_case
from services.negotiation.domain.relief import request as rules
from services.negotiation.domain.relief.causes import RULES, missing_evidence
from services.negotiation.domain.relief.files import FILE_BYTES_MAX, media_type
from services.negotiation.domain.relief.limits import refuse_another
from services.negotiation.domain.relief.outline import relief_outline
from services.negotiation.domain.relief.refusals import (
    FileRefused,
    NothingNew,
    NotNow,
    ReasonsMissing,
    ReliefOpen,
    SameMind,
    TooManyRequests,
)
from services.negotiation.domain.relief.request import Decision, Evidence, Relief, State
from services.negotiation.domain.terms import draw_up
from tests.unit.negotiation.builders import case_file

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
TODAY = date(2026, 3, 2)
NEW_YORK = ("America/New_York",)
BOTH = ("America/New_York", "Pacific/Honolulu")
LETTER = Evidence(UUID(int=7), "termination_letter", "a" * 64)


def asked(now: datetime = NOW, **changes: Any) -> Relief:
    relief = Relief(
        relief_id=UUID(int=1),
        case_id=UUID(int=2),
        creditor_id=UUID(int=3),
        cause="job_loss",
        form="pause",
        months_asked=3,
        state="requested",
        requested_at=now,
        decide_by=now,
        due_at=None,
    )
    return rules.request(replace(relief, **changes), now)


def decision(verdict: str = "granted", by: str = "mira", months: int | None = 3) -> Decision:
    refused = verdict == "refused"
    return Decision(
        "refused" if refused else "granted",
        None if refused else months,
        ("income_unchanged",) if refused else (),
        ("smaller_payments",) if refused else (),
        by,
    )


def granted(months: int = 3, today: date = TODAY, zones: tuple[str, ...] = NEW_YORK, **changes: Any) -> Relief:
    relief = rules.to_lender(asked(evidence=(LETTER,), **changes), NOW)
    return rules.confirm(rules.propose(relief, decision(months=months)), "noor", NOW, zones, today)


def test_every_cause_has_evidence_and_one_paper_of_a_group_is_enough() -> None:
    for cause, rule_ in RULES.items():
        assert missing_evidence(cause, frozenset()) != ()
        for kind in rule_.groups[0]:
            assert missing_evidence(cause, frozenset({kind})) == ()
        assert missing_evidence(cause, frozenset({"other"})) != ()


def test_papers_that_were_waited_for_take_the_request_on() -> None:
    waiting = rules.ask_for_evidence(asked(), NOW)
    assert rules.add_evidence(waiting, (replace(LETTER, kind="other"),), NOW).state == "needs_evidence"
    assert rules.add_evidence(waiting, (LETTER,), NOW).state == "with_lender"


@pytest.mark.parametrize(
    ("days", "state"),
    [(3, "needs_evidence"), (17, "with_lender"), (27, "with_lender"), (45, "lapsed")],
)
def test_each_deadline_is_a_moment(days: int, state: str) -> None:
    at = NOW + timedelta(days=days)
    assert rules.pass_time(asked(), at - timedelta(seconds=1), NEW_YORK).state != state or days == 27
    assert rules.pass_time(asked(), at, NEW_YORK).state == state
    assert rules.pass_time(asked(), at, NEW_YORK).is_overdue == (days >= 27)


def test_papers_that_are_there_go_to_the_lender_without_anybody_looking() -> None:
    assert rules.pass_time(asked(evidence=(LETTER,)), NOW + timedelta(days=3), NEW_YORK).state == "with_lender"


def test_the_maker_is_never_the_checker() -> None:
    proposed = rules.propose(rules.to_lender(asked(), NOW), decision(by="mira"))
    assert proposed.state == "with_lender"
    with pytest.raises(SameMind):
        rules.confirm(proposed, "mira", NOW, NEW_YORK, TODAY)
    assert rules.confirm(proposed, "noor", NOW, NEW_YORK, TODAY).state == "granted"


@pytest.mark.parametrize("missing", ["reasons", "alternatives"])
def test_a_refusal_says_why_and_what_else_is_possible(missing: str) -> None:
    empty: dict[str, Any] = {missing: ()}
    bare = replace(decision("refused"), **empty)
    with pytest.raises(ReasonsMissing):
        rules.propose(rules.to_lender(asked(), NOW), bare)


@pytest.mark.parametrize("zones", [NEW_YORK, BOTH])
@pytest.mark.parametrize(
    ("today", "months", "until"),
    [
        (date(2026, 3, 2), 3, date(2026, 6, 2)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
)
def test_relief_ends_with_the_day_before_its_day_of_the_month_everywhere(
    today: date, months: int, until: date, zones: tuple[str, ...]
) -> None:
    relief = granted(months, today, zones)
    assert (relief.until_on, relief.until) == (until, end_of_day(until - timedelta(days=1), zones))
    assert relief.until is not None
    assert rules.pass_time(relief, relief.until - timedelta(seconds=1), zones).state == "granted"
    ended = rules.pass_time(relief, relief.until, zones)
    assert (ended.state, ended.ending, ended.ended_at) == ("ended", "expired", relief.until)


def test_a_review_comes_before_the_end() -> None:
    relief = granted(3)
    review = end_of_day(date(2026, 5, 18), NEW_YORK)
    assert relief.review_on == date(2026, 5, 19)
    assert not rules.pass_time(relief, review - timedelta(seconds=1), NEW_YORK).is_review_due
    assert rules.pass_time(relief, review, NEW_YORK).is_review_due


def test_extensions_do_not_drift_and_have_an_end() -> None:
    relief = granted(1, date(2026, 1, 31))
    twice = rules.extend(rules.extend(relief, 1, NOW, NEW_YORK), 1, NOW, NEW_YORK)
    assert (twice.months, twice.until_on) == (3, date(2026, 4, 30))
    with pytest.raises(NotNow):
        rules.extend(relief, 24, NOW, NEW_YORK)


@pytest.mark.parametrize("state", ["requested", "needs_evidence", "with_lender", "granted"])
def test_one_request_at_a_time(state: State) -> None:
    with pytest.raises(ReliefOpen):
        refuse_another([replace(asked(), state=state)], frozenset({"b" * 64}), NOW)


def test_after_a_refusal_new_evidence_is_needed() -> None:
    refused = replace(asked(evidence=(LETTER,)), state="refused")
    with pytest.raises(NothingNew):
        refuse_another([refused], frozenset({LETTER.digest}), NOW)
    refuse_another([refused], frozenset({LETTER.digest, "b" * 64}), NOW)
    refuse_another([replace(refused, state="lapsed")], frozenset({LETTER.digest}), NOW)
    refuse_another([refused], frozenset(), NOW + timedelta(days=365))


def test_requests_of_a_year_are_limited_and_lapsed_ones_do_not_count() -> None:
    three = [replace(asked(), state="withdrawn")] * 3
    with pytest.raises(TooManyRequests):
        refuse_another(three, frozenset({"b" * 64}), NOW + timedelta(days=364))
    refuse_another(three, frozenset(), NOW + timedelta(days=365))
    refuse_another([*three[:2], replace(asked(), state="lapsed")], frozenset(), NOW)


@given(
    form=st.sampled_from(["pause", "deferral", "interest_freeze", "reduced"]),
    months=st.integers(1, 24),
    monthly=st.none() | st.integers(1, 200_000),
    owed=st.integers(1, 10**7),
)
def test_whatever_is_granted_pays_exactly_what_is_owed(form: str, months: int, monthly: int | None, owed: int) -> None:
    case = case_file(owed=Buckets(0, 0, owed))
    relief = granted(months, form=form, monthly=min(monthly, owed) if monthly else None)
    limits = mandate_of_case(case.mandate).limits
    terms = draw_up(relief_outline(case, limits, relief, TODAY), currency="USD", grace_days=3)
    assert sum(i.amount for i in terms.instalments) == owed
    assert all(i.amount > 0 for i in terms.instalments)
    if form in ("pause", "deferral"):
        assert terms.instalments[0].due_on == relief.until_on == terms.pause_until
    if form == "reduced" and monthly and months * monthly < owed:
        assert terms.instalments[0].amount == min(monthly, owed)


def test_after_relief_it_takes_as_long_as_the_mandate_that_counts_allows() -> None:
    case = case_file(owed=Buckets(0, 0, 120_000))
    limits = replace(mandate_of_case(case.mandate).limits, term_months_max=7, instalment_min=1)
    assert relief_outline(case, limits, granted(3), TODAY).count == 7
    assert relief_outline(case, replace(limits, instalment_min=40_000), granted(3), TODAY).count == 3


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, kind: str) -> None:
    assert media_type(content) == kind


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90", b"<svg onload=x>", b" %PDF-1.7", b"\x89PNG", b"GIF89a", b"%PDF-" + b"x" * FILE_BYTES_MAX],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused):
        media_type(content)


def test_the_largest_file_is_kept() -> None:
    assert media_type(b"%PDF-" + b"x" * (FILE_BYTES_MAX - 5)) == "application/pdf"


def test_a_file_opens_as_itself_alone() -> None:
    sealer, case_id, file_id = EvidenceSealer(b"a secret"), uuid4(), uuid4()
    sealed = sealer.seal(case_id, file_id, b"%PDF-1.7")
    assert b"PDF" not in sealed
    assert sealer.open(case_id, file_id, sealed) == b"%PDF-1.7"
    for wrong in ((uuid4(), file_id, sealed), (case_id, uuid4(), sealed), (case_id, file_id, sealed[:-1] + b"\x00")):
        with pytest.raises(InvalidTag):
            sealer.open(*wrong)


class AnyRequest(RuleBasedStateMachine):
    """Whatever anybody does in whatever order: contact rests exactly while it must, and an end is an end."""

    def __init__(self) -> None:
        super().__init__()
        self.relief = asked()
        self.now = NOW
        self.seen: list[State] = []

    @initialize(has_paper=st.booleans())
    def begin(self, *, has_paper: bool) -> None:
        self.relief = asked(evidence=(LETTER,) if has_paper else ())
        self.seen = [self.relief.state]

    def change(self, after: Relief) -> None:
        self.relief = after
        self.seen.append(after.state)

    def attempt(self, act: Callable[..., Relief], *arguments: Any) -> None:
        try:
            self.change(act(*arguments))
        except (NotNow, SameMind):
            assert self.relief.state == self.seen[-1]

    @rule(days=st.integers(0, 30), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        self.now += timedelta(days=days, hours=hours)
        late = rules.pass_time(self.relief, self.now, NEW_YORK)
        assert rules.pass_time(late, self.now, NEW_YORK) == late, "twice is the same as once"
        self.change(late)

    @rule()
    def ask_for_papers(self) -> None:
        self.attempt(rules.ask_for_evidence, self.relief, self.now)

    @rule()
    def bring_a_paper(self) -> None:
        self.attempt(rules.add_evidence, self.relief, (LETTER,), self.now)

    @rule()
    def pass_on(self) -> None:
        self.attempt(rules.to_lender, self.relief, self.now)

    @rule(who=st.sampled_from(["mira", "noor"]), verdict=st.sampled_from(["granted", "refused"]))
    def propose(self, who: str, verdict: str) -> None:
        self.attempt(rules.propose, self.relief, decision(verdict, who))

    @rule(who=st.sampled_from(["mira", "noor"]))
    def confirm(self, who: str) -> None:
        maker = self.relief.decision.proposed_by if self.relief.decision else None
        before = self.relief.state
        self.attempt(rules.confirm, self.relief, who, self.now, NEW_YORK, self.now.date())
        assert self.relief.state == before or maker != who

    @rule(verdict=st.sampled_from(["granted", "refused"]))
    def lender_decides(self, verdict: str) -> None:
        word = decision(verdict, "lender")
        self.attempt(rules.decide_by_lender, self.relief, word, self.now, NEW_YORK, self.now.date())

    @rule(months=st.integers(1, 12))
    def extend(self, months: int) -> None:
        self.attempt(rules.extend, self.relief, months, self.now, NEW_YORK)

    @precondition(lambda self: self.relief.state == "granted")
    @rule()
    def review_ends_it(self) -> None:
        self.change(rules.end(self.relief, "reviewed", self.now))

    @rule()
    def withdraw(self) -> None:
        self.attempt(rules.withdraw, self.relief, self.now)

    @invariant()
    def contact_rests_while_it_is_open_and_no_longer_than_its_bounds(self) -> None:
        r = self.relief
        assert r.suspends_contact == (r.ended_at is None)
        assert (r.due_at is None) == (not r.suspends_contact)
        if r.state in rules.UNDECIDED:
            assert r.due_at is not None
            assert r.due_at <= r.decide_by <= r.requested_at + rules.DECIDE_WITHIN
        if r.state == "granted":
            assert r.until_on is not None
            assert r.granted_on is not None
            assert r.until_on <= add_months(r.granted_on, rules.MONTHS_MAX)

    @invariant()
    def an_end_is_an_end(self) -> None:
        ends = [state for state in self.seen if state not in rules.OPEN]
        assert len(set(ends)) <= 1

    @invariant()
    def it_is_read_back_as_it_was_written(self) -> None:
        assert relief_from(_stored(self.relief)) == self.relief


def _stored(relief: Relief) -> dict[str, Any]:
    stored: dict[str, Any] = orjson.loads(orjson.dumps(asdict(relief), default=str))
    return stored


TestAnyRequest = AnyRequest.TestCase
TestAnyRequest.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)


def test_every_state_can_be_reached() -> None:
    with_lender = rules.to_lender(asked(), NOW)
    reached = {
        asked().state,
        rules.ask_for_evidence(asked(), NOW).state,
        with_lender.state,
        granted().state,
        rules.decide_by_lender(with_lender, decision("refused"), NOW, NEW_YORK, TODAY).state,
        rules.withdraw(asked(), NOW).state,
        rules.pass_time(asked(), NOW + timedelta(days=45), NEW_YORK).state,
        rules.end(granted(), "reviewed", NOW).state,
    }
    assert reached == set(get_args(State))
