"""The legal track on a real database: from the hand-over to the judgment, what stops it, and who may do what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.negotiation.adapters.work import BeginWork
from services.negotiation.application import take_legal_steps, work_legal_file
from services.negotiation.application.legal_ports import Counsel, Handover, LegalDesk, OutreachAway
from services.negotiation.application.ports import Resources
from services.negotiation.application.remind_in_law import remind_in_law
from services.negotiation.application.take_handovers import take_handovers
from services.negotiation.domain.case_file import Hold
from services.negotiation.domain.legal.grounds import NotLawful, digest
from services.negotiation.domain.legal.law import CHECKS
from shared.db.database import service_url
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.complaint_closed import ComplaintClosed
from shared.events.hold_applied import HoldApplied
from shared.events.hold_released import HoldReleased
from shared.events.legal_advanced import LegalAdvanced
from shared.events.legal_closed import LegalClosed
from shared.events.legal_opened import LegalOpened
from shared.events.plan_agreed import PlanAgreed
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, NotAllowed, Overloaded
from tests.integration.negotiation.office import Office
from tests.support.events import HARBOUR_CREDIT
from tests.unit.negotiation.legal_builders import ladder_document

PDF = b"%PDF-1.4 made up"
KEY = b"the key of the desk in these tests"
OWED = 125_500


@dataclass
class SomeHandovers:
    """Outreach as these tests need it: some hand-overs, a record, or nothing at all."""

    known: list[Handover] = field(default_factory=list)
    is_away: bool = False
    states: dict[UUID, str] = field(default_factory=dict)

    async def since(self, signed_since: datetime, after: UUID | None, limit: int) -> list[Handover]:
        self._answer()
        found = sorted((h for h in self.known if h.signed_at >= signed_since), key=lambda h: h.signed_at)
        ids = [h.handover_id for h in found]
        return found[ids.index(after) + 1 if after in ids else 0 :][:limit]

    async def state(self, handover_id: UUID) -> str:
        self._answer()
        return self.states.get(handover_id, "signed")

    async def record(self, case_id: UUID) -> bytes:
        self._answer()
        return b'{"matters":[],"pack":"{}","pack_sha256":""}'

    def _answer(self) -> None:
        if self.is_away:
            raise OutreachAway


@dataclass
class Track:
    """A case on its way in law, worked on through the use cases of the desk."""

    office: Office
    handovers: SomeHandovers
    resources: Resources

    async def sweep(self) -> int:
        return await take_handovers(self.office.worker.begin, self.handovers)

    def hand_over(self, case_id: UUID, **changes: Any) -> Handover:
        at = self.office.now.replace(microsecond=0)
        document = ladder_document(case_id, at)
        handover = Handover(
            new_id(), case_id, HARBOUR_CREDIT, "signed", "clerk.may", "counsel.doe", at, document, digest(document)
        )
        self.handovers.known.append(replace(handover, **changes))
        return self.handovers.known[-1]

    async def file_id(self, case_id: UUID) -> UUID:
        rows = await self.office.rows(
            "SELECT legal_id FROM legal_files WHERE case_id = $1 ORDER BY legal_id DESC", case_id
        )
        found: UUID = rows[0]["legal_id"]
        return found

    async def open(self) -> tuple[UUID, UUID]:
        """A case that is in law: (case, file)."""
        case_id = await self.office.take_on()
        self.hand_over(case_id)
        assert await self.sweep() == 1
        return case_id, await self.file_id(case_id)

    async def prepare(self, legal_id: UUID) -> None:
        for item in CHECKS:
            await work_legal_file.tick(self.resources, "clerk.may", legal_id, item, None)
        for kind in ("letter_before_action", "statement_of_account", "information_sheet"):
            await work_legal_file.add_document(
                self.resources, "clerk.may", legal_id, kind, kind, "application/pdf", PDF + kind.encode()
            )

    async def sign(self, legal_id: UUID, step: str, decision: Any = "approve", who: str = "counsel.roe") -> None:
        async with self.resources.begin(is_staff=True) as work:
            seen = (await work.legal.read(legal_id)).contents_hash
        await work_legal_file.sign_file(self.resources, who, legal_id, step, decision, ("read in full",), seen)

    async def send(self, legal_id: UUID) -> None:
        await self.prepare(legal_id)
        await self.sign(legal_id, "letter_before_action")
        await take_legal_steps.send_letter(self.resources, "clerk.may", legal_id)

    async def authorise(self, legal_id: UUID, amount: int = OWED) -> None:
        steps = ("suit", "enforcement")
        request = digest(f"request for {amount}")
        await work_legal_file.give_authority(self.resources, HARBOUR_CREDIT, legal_id, steps, amount, "USD", request)

    async def sue(self, legal_id: UUID, amount: int = OWED) -> None:
        await take_legal_steps.file_claim(self.resources, "clerk.may", legal_id, "suit", amount, "index 1/2026")

    async def ready(self) -> tuple[UUID, UUID]:
        """A file that may be filed today."""
        case_id, legal_id = await self.open()
        await self.send(legal_id)
        self.office.advance(days=36)
        await self.authorise(legal_id)
        await self.sign(legal_id, "suit")
        return case_id, legal_id

    async def state(self, legal_id: UUID) -> tuple[str, bool]:
        (row,) = await self.office.rows("SELECT state, is_halted FROM legal_files WHERE legal_id = $1", legal_id)
        return row["state"], row["is_halted"]


@pytest.fixture
async def track(office: Office) -> Track:
    handovers = SomeHandovers()
    # As the API sees it: row-level security stands between the desk and the cases.
    resources = replace(
        office.worker, begin=BeginWork(office.databases.api), legal=LegalDesk(handovers=handovers, key=KEY)
    )
    async with office.worker.begin() as work:
        for who, places in (("counsel.roe", ("US", "GB")), ("counsel.lee", ("CN",))):
            await work.legal.register(Counsel(who, places, digest("token"), True, "lead.kim", office.now))
        await work.commit()
    return Track(office, handovers, resources)


async def test_a_hand_over_becomes_a_file_once_however_often_it_is_told(track: Track) -> None:
    case_id, legal_id = await track.open()
    assert await track.sweep() == 0
    (opened,) = await track.office.said(LegalOpened, case_id)
    assert (opened.legal_id, opened.limitation_ends_on is not None) == (legal_id, True)
    assert await track.state(legal_id) == ("pre_action", False)


async def test_a_hand_over_waits_for_its_case_and_nothing_behind_it_is_lost(track: Track) -> None:
    later_case = new_id()
    track.hand_over(later_case)
    assert await track.sweep() == 0
    await track.office.take_on(later_case)
    assert await track.sweep() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"proof_hash": "0" * 64}, "ladder_hash"),
        ({"creditor_id": uuid4()}, "handover_other"),
        ({"state": "withdrawn"}, "handover_other"),
        ({"signed_by": "clerk.may"}, "ladder_signature"),
    ],
)
async def test_a_hand_over_that_proves_nothing_opens_nothing(track: Track, changes: dict[str, Any], code: str) -> None:
    case_id = await track.office.take_on()
    track.hand_over(case_id, **changes)
    assert await track.sweep() == 1
    (heard,) = await track.office.rows("SELECT verdict FROM legal_handovers")
    assert heard["verdict"] == code
    assert await track.office.said(LegalOpened, case_id) == []


async def test_outreach_away_is_no_failure(track: Track) -> None:
    track.handovers.is_away = True
    assert await track.sweep() == 0


async def test_a_file_goes_from_letter_to_enforcement_and_every_step_says_what_it_stands_on(track: Track) -> None:
    case_id, legal_id = await track.ready()
    await track.sue(legal_id)
    today = track.office.now.date()
    await take_legal_steps.set_hearing(track.resources, "clerk.may", legal_id, today + timedelta(days=20), "court")
    hearing = (await _read(track, legal_id)).hearings[0]
    await take_legal_steps.record_hearing(track.resources, "clerk.may", legal_id, hearing.hearing_id, "decided")
    pay_by, until = today + timedelta(days=14), today + timedelta(days=3_000)
    await take_legal_steps.record_judgment(track.resources, "clerk.may", legal_id, True, pay_by, until)
    track.office.advance(days=15)
    await track.sign(legal_id, "enforcement")
    await take_legal_steps.enforce(track.resources, "clerk.may", legal_id)
    said = await track.office.said(LegalAdvanced, case_id)
    assert [event.step for event in said] == ["letter_before_action", "suit", "hearing", "judgment", "enforcement"]
    signed = {event.step for event in said if event.counsel_signature_hash is not None}
    assert signed == {"letter_before_action", "suit", "enforcement"}
    assert said[0].respond_by == datetime(2026, 3, 2, tzinfo=UTC).date() + timedelta(days=35)


async def _read(track: Track, legal_id: UUID) -> Any:
    async with track.resources.begin(is_staff=True) as work:
        return await work.legal.read(legal_id)


async def test_the_same_step_twice_is_one_step(track: Track) -> None:
    _, legal_id = await track.ready()
    await track.sue(legal_id)
    with pytest.raises(NotAllowed):
        await track.sue(legal_id)


async def test_nothing_is_filed_while_the_borrower_may_answer_and_without_the_lender(track: Track) -> None:
    _, legal_id = await track.open()
    await track.send(legal_id)
    await track.authorise(legal_id)
    track.office.advance(days=35)
    await track.sign(legal_id, "suit")
    with pytest.raises(NotAllowed, match="may still answer"):
        await track.sue(legal_id)
    track.office.advance(days=1)
    await track.authorise(legal_id, OWED - 1)
    await track.sign(legal_id, "suit")
    with pytest.raises(NotAllowed, match="does not reach"):
        await track.sue(legal_id)
    await track.sue(legal_id, OWED - 1)


async def test_counsel_signs_what_they_saw_where_they_are_admitted_and_nothing_of_their_own(track: Track) -> None:
    _, legal_id = await track.open()
    await track.prepare(legal_id)
    with pytest.raises(NotAllowed, match="not registered"):
        await track.sign(legal_id, "letter_before_action", who="counsel.lee")
    with pytest.raises(NotAllowed, match="not registered"):
        await track.sign(legal_id, "letter_before_action", who="clerk.may")
    with pytest.raises(Conflict, match="changed"):
        await work_legal_file.sign_file(
            track.resources, "counsel.roe", legal_id, "letter_before_action", "approve", ("fine",), "0" * 64
        )
    await work_legal_file.tick(track.resources, "counsel.roe", legal_id, "amount_checked", None)
    with pytest.raises(NotAllowed, match="does not sign"):
        await track.sign(legal_id, "letter_before_action")


async def test_counsels_refusal_closes_the_file(track: Track) -> None:
    case_id, legal_id = await track.open()
    await track.sign(legal_id, "letter_before_action", "refuse")
    (closed,) = await track.office.said(LegalClosed, case_id)
    assert (closed.outcome, await track.state(legal_id)) == ("refused", ("returned", False))
    with pytest.raises(Conflict):
        await track.prepare(legal_id)


async def test_a_hand_over_taken_back_or_unknown_sends_nothing(track: Track) -> None:
    _, legal_id = await track.ready()
    track.handovers.is_away = True
    with pytest.raises(Overloaded):
        await track.sue(legal_id)
    track.handovers.is_away = False
    track.handovers.states[track.handovers.known[0].handover_id] = "withdrawn"
    with pytest.raises(NotAllowed, match="taken the hand-over back"):
        await track.sue(legal_id)


def _hold(case_id: UUID, kind: Any, now: datetime) -> HoldApplied:
    return HoldApplied(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        hold_id=new_id(),
        kind=kind,
        cause_event_type="dispute.opened",
        applied_at=now,
        until=None,
    )


async def test_a_dispute_halts_the_file_at_once_and_its_end_lets_it_go_on(track: Track) -> None:
    case_id, legal_id = await track.ready()
    hold = _hold(case_id, "dispute", track.office.now)
    await track.office.hear(hold)
    await track.office.hear(hold)
    assert await track.state(legal_id) == ("letter_before_action", True)
    with pytest.raises(NotAllowed):
        await track.sue(legal_id)
    released = HoldReleased(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        hold_id=hold.hold_id,
        kind="dispute",
        reason="dispute_closed",
        released_at=track.office.now,
    )
    await track.office.hear(released)
    await track.sue(legal_id)
    assert [e.step for e in await track.office.said(LegalAdvanced, case_id)][1:] == ["halted", "resumed", "suit"]


async def test_a_hold_not_heard_of_by_the_file_still_stops_the_filing(track: Track) -> None:
    """Out of order: the hold is on file, and the file has not reacted yet."""
    case_id, legal_id = await track.ready()
    async with track.office.worker.begin() as work:
        await work.holds.apply([(new_id(), case_id, HARBOUR_CREDIT, Hold("moratorium", None, is_released=False))])
        await work.commit()
    with pytest.raises(NotAllowed):
        await track.sue(legal_id)


@pytest.mark.parametrize("kind", ["deceased", "bankruptcy"])
async def test_death_and_bankruptcy_close_the_file(track: Track, kind: str) -> None:
    case_id, _ = await track.ready()
    await track.office.hear(_hold(case_id, kind, track.office.now))
    (closed,) = await track.office.said(LegalClosed, case_id)
    assert (closed.outcome, closed.reasons) == ("stopped", (kind,))
    assert await track.office.rows("SELECT * FROM legal_deadlines WHERE NOT is_done") == []


async def test_a_recall_closes_the_file(track: Track) -> None:
    case_id, legal_id = await track.open()
    await track.office.hear(
        CaseRecalled(case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="sold", recalled_at=track.office.now)
    )
    assert (await track.state(legal_id))[0] == "stopped"


async def test_full_payment_closes_the_file_as_satisfied(track: Track) -> None:
    case_id, legal_id = await track.open()
    await track.office.pay(case_id, OWED, track.office.now.date())
    (closed,) = await track.office.said(CaseClosed, case_id)
    await track.office.hear(closed)
    await track.office.hear(closed)
    assert await track.state(legal_id) == ("satisfied", False)


async def test_an_agreed_plan_settles_the_file_and_an_older_one_does_not(track: Track) -> None:
    case_id, legal_id = await track.open()
    await track.office.agree(case_id, "instalments")
    (agreed,) = await track.office.said(PlanAgreed, case_id)
    old = agreed.model_copy(update={"agreed_at": agreed.agreed_at - timedelta(days=1)})
    await track.office.hear(old)
    assert (await track.state(legal_id))[0] == "pre_action"
    await track.office.hear(agreed)
    (closed,) = await track.office.said(LegalClosed, case_id)
    assert closed.outcome == "settled"


async def test_an_upheld_complaint_halts_until_counsel_has_considered_it(track: Track) -> None:
    case_id, legal_id = await track.ready()
    await track.office.hear(
        ComplaintClosed(
            case_id=case_id,
            creditor_id=HARBOUR_CREDIT,
            complaint_id=new_id(),
            outcome="upheld",
            closed_at=track.office.now,
        )
    )
    assert await track.state(legal_id) == ("letter_before_action", True)
    with pytest.raises(NotAllowed):
        await work_legal_file.consider_complaint(track.resources, "clerk.may", legal_id, "harmless")
    await work_legal_file.consider_complaint(track.resources, "counsel.roe", legal_id, "fee taken back, claim lowered")
    await track.sue(legal_id)


async def test_a_row_changed_by_hand_is_found_when_the_file_is_read(track: Track) -> None:
    _, legal_id = await track.ready()
    with pytest.raises(asyncpg.PostgresError):
        await track.office.rows("UPDATE legal_entries SET who = 'x' WHERE legal_id = $1", legal_id)
    await _by_hand(track, "UPDATE legal_entries SET who = 'x' WHERE kind = 'signature'")
    with pytest.raises(NotLawful):
        await _read(track, legal_id)


async def _by_hand(track: Track, statement: str) -> None:
    url = service_url(track.office.databases.url, "negotiation").set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_deadlines_are_reminded_of_a_week_before_and_on_the_day(track: Track) -> None:
    _, legal_id = await track.open()
    due_on = track.office.now.date() + timedelta(days=10)
    await work_legal_file.set_deadline(track.resources, "clerk.may", legal_id, "reply", due_on)
    counts = []
    for _ in range(12):
        counts.append(await _reminded(track))
        track.office.advance(days=1)
    assert [day for day, count in enumerate(counts) if count] == [3, 10]
    assert await _notes(track, legal_id) == 2


async def _reminded(track: Track) -> int:
    count = await remind_in_law(track.office.worker.begin)
    assert await remind_in_law(track.office.worker.begin) == 0
    return count


async def _notes(track: Track, legal_id: UUID) -> int:
    rows: Sequence[Any] = await track.office.rows(
        "SELECT * FROM legal_entries WHERE legal_id = $1 AND why = 'reminder'", legal_id
    )
    return len(rows)
