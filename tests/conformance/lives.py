"""Whole lives of cases as the events of a coherent story, from a seed: the same seed tells the same story.

A life has every event that the platform would say about one case, in the order in which it would be said, with gapless
sequences per topic and key. A service under test is fed the topics of its own subscription table out of it.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from shared.events.body import EventBody
from shared.events.borrower_replied import BorrowerReplied
from shared.events.case_assessed import CaseAssessed
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.case_received import CaseReceived
from shared.events.case_rejected import CaseRejected, RejectionReason
from shared.events.case_updated import CaseUpdated
from shared.events.codec import encode
from shared.events.complaint_closed import ComplaintClosed
from shared.events.complaint_opened import ComplaintOpened
from shared.events.conduct_alarmed import ConductAlarmed
from shared.events.contact_attempted import ContactAttempted
from shared.events.contact_denied import ContactDenied
from shared.events.default_detected import DefaultDetected
from shared.events.dispute_closed import DisputeClosed
from shared.events.dispute_opened import DisputeOpened
from shared.events.envelope import Event
from shared.events.hold_applied import HoldApplied
from shared.events.hold_released import HoldReleased
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reported import PaymentReported
from shared.events.payment_reversed import PaymentReversed
from shared.events.person_erased import PersonErased
from shared.events.person_updated import PersonUpdated
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_completed import PlanCompleted
from shared.events.plan_countered import PlanCountered
from shared.events.plan_proposed import PlanProposed
from shared.events.terms import Balance, ContactPoint, Instalment, Mandate, RuleFired, Terms
from shared.messaging.record import Record
from tests.conformance import late_life

HARBOUR_CREDIT = UUID("01900000-0000-7000-8000-00000000c0de")
MONDAY_MORNING = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
PLACED_ON = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Said:
    """One event of a life and the record that carries it; partition and offset are the log's to give."""

    event: Event[EventBody]
    record: Record

    @property
    def place(self) -> tuple[str, str]:
        return self.record.topic, str(self.event.key)


@dataclass(frozen=True, slots=True)
class Life:
    """The events of one case, and of the person behind it, in the order of the story."""

    case_id: UUID
    story: str
    said: tuple[Said, ...]

    def heard_by(self, topics: Iterable[str]) -> list[Said]:
        wanted = set(topics)
        return [said for said in self.said if said.record.topic in wanted]


def lives(seed: int, count: int) -> list[Life]:
    """So many lives, each story told about equally often."""
    numbers = random.Random(seed)
    return [Narrator(random.Random(numbers.random())).tell(STORIES[n % len(STORIES)]) for n in range(count)]


def interleaved(seed: int, told: Iterable[Life], topics: Iterable[str]) -> list[Said]:
    """The lives side by side, as they come in: each in its own order, all mixed."""
    numbers = random.Random(seed)
    queues = [queue for life in told if (queue := life.heard_by(topics))]
    mixed: list[Said] = []
    positions = [0] * len(queues)
    left = [n for n, queue in enumerate(queues) for _ in queue]
    numbers.shuffle(left)
    for n in left:
        mixed.append(queues[n][positions[n]])
        positions[n] += 1
    return mixed


class Narrator:
    """Tells one life. Amounts are worked out, so that a ledger which recomputes them agrees."""

    def __init__(self, numbers: random.Random) -> None:
        self._numbers = numbers
        self.case_id, self.person_id, self.account_id, self.batch_id = (self.new_id() for _ in range(4))
        self._sequences: dict[tuple[str, UUID], int] = defaultdict(int)
        self._said: list[Said] = []
        self.now = MONDAY_MORNING
        self.plan_id = self.offer_id = self.attempt_id = self.new_id()
        self.balance = Balance(
            fees=numbers.randrange(0, 5_000),
            interest=numbers.randrange(0, 20_000),
            principal=numbers.randrange(60_000, 900_000),
        )
        self.terms = self._terms()
        self.contact_points = self._contact_points()

    def tell(self, story: str) -> Life:
        _TELL[story](self)
        return Life(self.case_id, story, tuple(self._said))

    def new_id(self) -> UUID:
        return UUID(int=self._numbers.getrandbits(128) & ~(0xF << 76) & ~(3 << 62) | (7 << 76) | (2 << 62))

    def say(self, body: EventBody) -> None:
        place = (body.event_type, body.key)
        self._sequences[place] += 1
        self.now += timedelta(minutes=self._numbers.randrange(1, 240))
        event_id = self.new_id()
        event = Event(
            event_id=event_id,
            body=body,
            occurred_at=self.now,
            sequence=self._sequences[place],
            correlation_id=event_id,
            traceparent=self._traceparent(event_id),
        )
        headers, value = encode(event)
        self._said.append(Said(event, Record(body.event_type, 0, 0, str(body.key), headers, value)))

    def _traceparent(self, event_id: UUID) -> str:
        """A trace of its own for each event; three of four are sampled."""
        sampled = self._numbers.random() < 0.75
        return f"00-{event_id.hex}-{self._numbers.getrandbits(64) | 1:016x}-{int(sampled):02x}"

    def _contact_points(self) -> tuple[ContactPoint, ...]:
        kinds = self._numbers.sample(["email", "mobile", "landline", "postal"], self._numbers.randrange(1, 4))
        return tuple(
            ContactPoint.model_validate(
                {
                    "contact_point_id": self.new_id(),
                    "kind": kind,
                    "time_zones": ("America/New_York",),
                    "is_verified": True,
                    "may_be_used": self._numbers.choice([True, True, None]),
                }
            )
            for kind in kinds
        )

    def _terms(self) -> Terms:
        months = self._numbers.randrange(2, 6)
        each, rest = divmod(self.balance.total, months)
        due = [date(2026, 4 + n, 15).isoformat() for n in range(months)]
        return Terms(
            kind="instalments",
            currency="USD",
            total=self.balance.total,
            discount=0,
            instalments=tuple(
                Instalment(number=n + 1, due_on=due[n], amount=each + (rest if n == 0 else 0)) for n in range(months)
            ),
            grace_days=3,
        )

    @property
    def ids(self) -> dict[str, UUID]:
        return {"case_id": self.case_id, "creditor_id": HARBOUR_CREDIT}

    def received(self) -> None:
        days = self._numbers.randrange(15, 200)
        self.say(
            CaseReceived(
                **self.ids,
                person_id=self.person_id,
                account_id=self.account_id,
                batch_id=self.batch_id,
                jurisdiction="US",
                region="NY",
                language=self._numbers.choice(["en", "zh"]),
                product="personal_loan",
                currency="USD",
                balance=self.balance,
                arrears=self.balance.total // 3,
                instalment=self.balance.principal // 12,
                days_past_due=days,
                oldest_due_on=PLACED_ON - timedelta(days=days),
                originated_on=PLACED_ON - timedelta(days=days + 300),
                term_months=36,
                instalments_paid=8,
                instalments_missed=max(1, days // 30),
                annual_rate=self._numbers.randrange(500, 2_400),
                annual_income=self._numbers.choice([None, 4_200_000, 9_000_000]),
                debt_to_income=self._numbers.choice([None, 1_500, 4_000]),
                employment_years=self._numbers.choice([None, 0, 7]),
                delinquencies_two_years=self._numbers.choice([None, 0, 3]),
                homeowner=self._numbers.choice([None, True, False]),
                arrears_cause="unknown",
                contact_points=self.contact_points,
                mandate=self.mandate(1),
                placed_on=PLACED_ON,
                provenance="generated",
            )
        )

    def mandate(self, version: int) -> Mandate:
        return Mandate(
            version=version,
            discount_max=2_000,
            term_months_max=24,
            instalment_min=2_500,
            pause_months_max=3,
            grace_days=3,
        )

    def assessed(self, trigger: str = "case.received", strategy: str = "standard") -> None:
        self.say(
            CaseAssessed(
                **self.ids,
                assessment_id=self.new_id(),
                model="scorecard@1",
                trigger=trigger,
                ability=self._numbers.randrange(0, 101),
                willingness=self._numbers.randrange(0, 101),
                risk_grade=self._numbers.choice(["A", "B", "C", "D", "E"]),
                stage=self._numbers.choice(["early", "mid", "late"]),
                segment="able_and_willing",
                strategy=strategy,
                arrears_cause="cash_flow_gap",
                is_vulnerable=False,
                affordable_monthly=self._numbers.choice([None, 20_000, 60_000]),
                reason_codes=("income_stable",),
            )
        )

    def attempted(self) -> None:
        self.attempt_id = self.new_id()
        point = self._numbers.choice(self.contact_points)
        self.say(
            ContactAttempted(
                **self.ids,
                person_id=self.person_id,
                attempt_id=self.attempt_id,
                contact_point_id=point.contact_point_id,
                channel="email",
                rung="reminder",
                template="reminder.early",
                decision_id=self.new_id(),
                facts_hash=self.sha256("facts"),
                pack_hash=self.sha256("packs"),
                packs=("us-reg-f@1",),
                outcome=self._numbers.choice(["sent", "delivered", "no_answer"]),
                counts=True,
                attempted_at=self.now,
            )
        )

    def denied(self) -> None:
        self.say(
            ContactDenied(
                **self.ids,
                person_id=self.person_id,
                contact_point_id=self.contact_points[0].contact_point_id,
                channel="call",
                rung="call",
                decision_id=self.new_id(),
                verdict="deny",
                rules=(RuleFired(rule="us.calls.seven-in-seven", clause="12 CFR 1006.14(b)(2)(i)"),),
                facts_hash=self.sha256("facts"),
                pack_hash=self.sha256("packs"),
                packs=("us-reg-f@1",),
                until=self.now + timedelta(days=2),
                denied_at=self.now,
            )
        )

    def replied(self, intent: str) -> None:
        self.say(
            BorrowerReplied.model_validate(
                {
                    **self.ids,
                    "reply_id": self.new_id(),
                    "attempt_id": self.attempt_id,
                    "channel": "email",
                    "intent": intent,
                    "classified_by": "rules.v1",
                    "promised_on": date(2026, 3, 20) if intent == "promise" else None,
                    "promised": 10_000 if intent == "promise" else None,
                    "arrears_cause": "job_loss" if intent == "hardship" else None,
                    "received_at": self.now,
                }
            )
        )

    def hold(self, kind: str, cause: str | None = None) -> UUID:
        hold_id = self.new_id()
        self.say(
            HoldApplied.model_validate(
                {
                    **self.ids,
                    "hold_id": hold_id,
                    "kind": kind,
                    "until": None,
                    "cause_event_type": cause,
                    "applied_at": self.now,
                }
            )
        )
        return hold_id

    def released(self, hold_id: UUID, kind: str) -> None:
        self.say(
            HoldReleased.model_validate(
                {**self.ids, "hold_id": hold_id, "kind": kind, "reason": "answered", "released_at": self.now}
            )
        )

    def proposed(self) -> None:
        self.offer_id = self.new_id()
        self.say(
            PlanProposed(
                **self.ids,
                offer_id=self.offer_id,
                round=1,
                terms=self.terms,
                reasons=("fits_income",),
                expires_at=self.now + timedelta(days=14),
            )
        )

    def countered(self) -> None:
        self.say(
            PlanCountered(
                **self.ids,
                counter_id=self.new_id(),
                offer_id=self.offer_id,
                round=1,
                by="borrower",
                terms=self.terms,
                answer="accepted",
                reasons=("within_mandate",),
            )
        )

    def agreed(self, replaces: UUID | None = None) -> None:
        self.plan_id = self.new_id()
        self.say(
            PlanAgreed(
                **self.ids,
                plan_id=self.plan_id,
                offer_id=self.offer_id,
                terms=self.terms,
                terms_hash=self.sha256(self.terms.model_dump_json()),
                agreed_at=self.now,
                replaces_plan_id=replaces,
            )
        )

    def reported(self, amount: int, reverses: UUID | None = None) -> UUID:
        payment_id = self.new_id()
        self.say(
            PaymentReported(
                **self.ids,
                payment_id=payment_id,
                amount=amount,
                currency="USD",
                received_on=self.now.date(),
                reverses_payment_id=reverses,
            )
        )
        return payment_id

    def posted(self, payment_id: UUID, amount: int, plan_id: UUID | None) -> Balance:
        """Fees first, then interest, then principal; answers with what was allocated."""
        fees = min(amount, self.balance.fees)
        interest = min(amount - fees, self.balance.interest)
        principal = min(amount - fees - interest, self.balance.principal)
        allocated = Balance(fees=fees, interest=interest, principal=principal)
        self.balance = Balance(
            fees=self.balance.fees - fees,
            interest=self.balance.interest - interest,
            principal=self.balance.principal - principal,
        )
        self.say(
            PaymentPosted(
                **self.ids,
                payment_id=payment_id,
                plan_id=plan_id,
                currency="USD",
                amount=amount,
                allocated=allocated,
                overpaid=amount - allocated.total,
                balance=self.balance,
                received_on=self.now.date(),
                posted_at=self.now,
            )
        )
        return allocated

    def reversed(self, payment_id: UUID, reversal_id: UUID, amount: int, allocated: Balance) -> None:
        self.balance = Balance(
            fees=self.balance.fees + allocated.fees,
            interest=self.balance.interest + allocated.interest,
            principal=self.balance.principal + allocated.principal,
        )
        self.say(
            PaymentReversed(
                **self.ids,
                payment_id=payment_id,
                reversal_id=reversal_id,
                currency="USD",
                amount=amount,
                balance=self.balance,
                reversed_at=self.now,
            )
        )

    def pay(self, amount: int, plan_id: UUID | None = None) -> None:
        self.posted(self.reported(amount), amount, plan_id)

    def completed(self) -> None:
        self.say(
            PlanCompleted(
                **self.ids,
                plan_id=self.plan_id,
                paid=self.terms.total,
                waived=0,
                currency="USD",
                completed_at=self.now,
            )
        )

    def closed(self, reason: str, clearance: str | None) -> None:
        self.say(
            CaseClosed.model_validate(
                {**self.ids, "reason": reason, "closed_at": self.now, "clearance_code": clearance}
            )
        )

    def defaulted(self, number: int) -> None:
        due = self.terms.instalments[number - 1]
        self.say(
            DefaultDetected(
                **self.ids,
                plan_id=self.plan_id,
                instalment_number=number,
                due_on=date.fromisoformat(due.due_on),
                due=due.amount,
                paid=0,
                currency="USD",
                kind="missed",
                defaults_on_case=1,
                detected_at=self.now,
            )
        )

    def updated(self, version: int) -> None:
        self.say(
            CaseUpdated(
                **self.ids,
                balance=None,
                days_past_due=self._numbers.randrange(30, 300),
                contact_points=None,
                mandate=self.mandate(version),
            )
        )

    def recalled(self) -> None:
        self.say(CaseRecalled(**self.ids, reason="paid_creditor", recalled_at=self.now))

    def person_updated(self) -> None:
        self.contact_points = self._contact_points()
        self.say(
            PersonUpdated(
                person_id=self.person_id,
                creditor_id=HARBOUR_CREDIT,
                case_ids=(self.case_id,),
                contact_points=self.contact_points,
            )
        )

    def person_erased(self) -> None:
        self.say(
            PersonErased(
                person_id=self.person_id,
                creditor_id=HARBOUR_CREDIT,
                case_ids=(self.case_id,),
                erased_at=self.now,
            )
        )

    def rejected(self) -> None:
        self.say(
            CaseRejected(
                **self.ids,
                batch_id=self.batch_id,
                record_number=self._numbers.randrange(1, 10_000),
                reasons=(RejectionReason(code="balance.mismatch", pointer="/balance"),),
            )
        )

    def disputed(self) -> UUID:
        dispute_id = self.new_id()
        self.say(DisputeOpened(**self.ids, dispute_id=dispute_id, ground="not_my_debt", opened_at=self.now))
        return dispute_id

    def dispute_answered(self, dispute_id: UUID) -> None:
        self.say(DisputeClosed(**self.ids, dispute_id=dispute_id, outcome="debt_verified", closed_at=self.now))

    def complained(self) -> UUID:
        complaint_id = self.new_id()
        self.say(
            ComplaintOpened(
                **self.ids,
                complaint_id=complaint_id,
                category="conduct",
                answer_due_at=self.now + timedelta(days=30),
                opened_at=self.now,
            )
        )
        return complaint_id

    def alarmed(self) -> None:
        self.say(
            ConductAlarmed(
                **self.ids, alarm_id=self.new_id(), category="threats", reported_by="reply", raised_at=self.now
            )
        )

    def complaint_answered(self, complaint_id: UUID) -> None:
        self.say(ComplaintClosed(**self.ids, complaint_id=complaint_id, outcome="partly_upheld", closed_at=self.now))

    def sha256(self, text: str) -> str:
        return hashlib.sha256(f"{self.case_id}{text}".encode()).hexdigest()


def _kept_plan(n: Narrator) -> None:
    n.received()
    n.assessed()
    n.attempted()
    n.attempted()
    n.replied("promise")
    n.assessed("borrower.replied")
    n.proposed()
    n.agreed()
    for instalment in n.terms.instalments:
        n.pay(instalment.amount, n.plan_id)
    n.completed()
    n.closed("plan_completed", f"CLR-{n.case_id.hex[:8]}")


def _broken_plan(n: Narrator) -> None:
    n.received()
    n.assessed()
    n.attempted()
    n.replied("question")
    n.proposed()
    n.countered()
    n.agreed()
    n.pay(n.terms.instalments[0].amount, n.plan_id)
    n.defaulted(2)
    hold_id = n.hold("default_playbook", "default.detected")
    n.assessed("default.detected", "firm")
    n.released(hold_id, "default_playbook")
    broken = n.plan_id
    n.proposed()
    n.agreed(broken)
    n.denied()


def _disputed(n: Narrator) -> None:
    n.received()
    n.assessed()
    n.attempted()
    n.replied("dispute")
    dispute_id = n.disputed()
    hold_id = n.hold("dispute", "borrower.replied")
    n.updated(2)
    n.dispute_answered(dispute_id)
    n.released(hold_id, "dispute")
    n.assessed("case.updated")
    n.denied()
    n.attempted()


def _complained(n: Narrator) -> None:
    n.received()
    n.assessed()
    n.denied()
    n.attempted()
    n.replied("complaint")
    complaint_id = n.complained()
    hold_id = n.hold("complaint", "borrower.replied")
    n.alarmed()
    n.complaint_answered(complaint_id)
    n.released(hold_id, "complaint")
    n.person_updated()
    n.attempted()
    n.replied("hardship")


def _recalled(n: Narrator) -> None:
    n.received()
    n.person_updated()
    n.assessed()
    n.attempted()
    n.recalled()
    n.closed("recalled", None)


def _paid_back_and_forth(n: Narrator) -> None:
    n.received()
    n.assessed()
    first = n.reported(30_000)
    allocated = n.posted(first, 30_000, None)
    reversal = n.reported(30_000, first)
    n.reversed(first, reversal, 30_000, allocated)
    n.pay(12_345)
    n.pay(n.balance.total)
    n.closed("paid_in_full", f"CLR-{n.case_id.hex[:8]}")
    n.person_erased()


def _rejected(n: Narrator) -> None:
    n.rejected()


_TELL: dict[str, Callable[[Narrator], None]] = {
    "kept plan": _kept_plan,
    "broken plan": _broken_plan,
    "disputed": _disputed,
    "complained": _complained,
    "recalled": _recalled,
    "paid back and forth": _paid_back_and_forth,
    "rejected": _rejected,
    "relieved": late_life.relieved,
    "taken to law": late_life.taken_to_law,
}
STORIES = tuple(_TELL)


def topics_told() -> set[str]:
    """The topics that lives have events of; a test holds it against the registry, so that no event is left out."""
    return {said.record.topic for life in lives(0, len(STORIES)) for said in life.said}


def by_place(said: Iterable[Said]) -> Iterator[tuple[tuple[str, str], list[Said]]]:
    """The events of each topic and key, in order."""
    places: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for one in said:
        places[one.place].append(one)
    yield from ((place, sorted(events, key=lambda s: s.event.sequence)) for place, events in places.items())
