"""What assessment knows of a case. Each method is one thing learnt; none depends on the order across topics.

Counts and maxima commute, so the facts are the same whether a payment is heard before or after the plan it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.assessment.domain.plan_news import Plans, state_of, with_news, with_replacement, with_withdrawal
from services.assessment.domain.terms import (
    HARDSHIP_INTENTS,
    VULNERABLE_CAUSES,
    VULNERABLE_INTENTS,
    ArrearsCause,
    PlanState,
    Reach,
)

CONTACTS_BEFORE_UNREACHED = 6
"""So many contacts without any answer say something; fewer say nothing."""

BEFORE_ALL_NEWS = ""
"""The order of the balance that a case was placed with."""


@dataclass(frozen=True, slots=True)
class BalanceNews:
    """A statement of the balance. `order` is the id of the event that made it: time-ordered, so the later one holds."""

    balance_minor_units: int
    order: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Facts of one case, without personal data. Amounts in minor units of `currency`.

    `past_due_since` is the due date of the oldest unpaid instalment, `time_zone` the zone of the borrower's dates.
    """

    currency: str
    time_zone: str
    past_due_since: date
    balance_minor_units: int
    balance_order: str
    arrears_minor_units: int
    instalment_minor_units: int
    instalments_paid: int
    instalments_missed: int
    annual_income_minor_units: int | None
    debt_to_income_basis_points: int | None
    employment_years: int | None
    delinquencies_two_years: int | None
    is_homeowner: bool | None
    lender_cause: ArrearsCause
    replied_cause: ArrearsCause | None = None
    has_vulnerable_cause: bool = False
    contacts: int = 0
    conversations: int = 0
    replies: int = 0
    promises: int = 0
    hardship_talks: int = 0
    payments: int = 0
    payments_reversed: int = 0
    plans_broken: int = 0
    plans: Plans = ()
    early_signs: tuple[str, ...] = ()
    """Signs that a plan or promises may not be kept, each named once, with its plan."""

    @classmethod
    def blank(cls, on: date) -> CaseFacts:
        """The facts of a case whose person has been erased: none."""
        return cls(
            currency="",
            time_zone="UTC",
            past_due_since=on,
            balance_minor_units=0,
            balance_order=BEFORE_ALL_NEWS,
            arrears_minor_units=0,
            instalment_minor_units=0,
            instalments_paid=0,
            instalments_missed=0,
            annual_income_minor_units=None,
            debt_to_income_basis_points=None,
            employment_years=None,
            delinquencies_two_years=None,
            is_homeowner=None,
            lender_cause="unknown",
        )

    @property
    def arrears_cause(self) -> ArrearsCause:
        """What the borrower says goes before what the lender believes."""
        return self.replied_cause or self.lender_cause

    @property
    def is_vulnerable(self) -> bool:
        return self.has_vulnerable_cause or self.lender_cause in VULNERABLE_CAUSES

    @property
    def plan_state(self) -> PlanState:
        return state_of(self.plans)

    @property
    def reach(self) -> Reach:
        if self.conversations or self.replies:
            return "conversation"
        return "unreached" if self.contacts >= CONTACTS_BEFORE_UNREACHED else "not_yet"

    def days_past_due(self, today: date) -> int:
        return max(0, (today - self.past_due_since).days)

    def with_update(self, news: BalanceNews | None, days_past_due: int | None, on: date) -> CaseFacts:
        """The creditor's newer figures; None: as it was. `on` is the day for which `days_past_due` was counted."""
        changed = self if news is None else self.with_balance(news)
        if days_past_due is None:
            return changed
        return replace(changed, past_due_since=on - timedelta(days=days_past_due))

    def with_balance(self, news: BalanceNews) -> CaseFacts:
        if news.order <= self.balance_order:
            return self
        return replace(self, balance_minor_units=news.balance_minor_units, balance_order=news.order)

    def with_contact(self, *, was_conversation: bool) -> CaseFacts:
        return replace(self, contacts=self.contacts + 1, conversations=self.conversations + was_conversation)

    def with_reply(self, intent: str, cause: ArrearsCause | None) -> CaseFacts:
        """A reply. Its intent counts only where it shows willingness, or that the borrower needs care.

        To stop contact, to dispute and to complain are rights, and using a right is held against nobody.
        """
        stated = cause if cause not in (None, "unknown") else "dispute" if intent == "dispute" else None
        return replace(
            self,
            replies=self.replies + 1,
            promises=self.promises + (intent == "promise"),
            hardship_talks=self.hardship_talks + (intent in HARDSHIP_INTENTS),
            replied_cause=stated or self.replied_cause,
            has_vulnerable_cause=(
                self.has_vulnerable_cause or stated in VULNERABLE_CAUSES or intent in VULNERABLE_INTENTS
            ),
        )

    def with_relief(self, cause: ArrearsCause | None) -> CaseFacts:
        """Relief was granted: a lender has seen proof of the cause. A disaster has no word here, and is not one."""
        return replace(
            self,
            hardship_talks=self.hardship_talks + 1,
            replied_cause=cause or self.replied_cause,
            has_vulnerable_cause=self.has_vulnerable_cause or cause in VULNERABLE_CAUSES,
        )

    def with_payment(self, news: BalanceNews) -> CaseFacts:
        return replace(self.with_balance(news), payments=self.payments + 1)

    def with_payment_reversed(self, news: BalanceNews) -> CaseFacts:
        return replace(self.with_balance(news), payments_reversed=self.payments_reversed + 1)

    def with_plan_agreed(self, plan_id: str, at: datetime, replaces: str | None = None) -> CaseFacts:
        plans = self.plans if replaces is None else with_replacement(self.plans, replaces)
        return replace(self, plans=with_news(plans, plan_id, "agreed_at", at))

    def with_plan_completed(self, plan_id: str, at: datetime) -> CaseFacts:
        return replace(self, plans=with_news(self.plans, plan_id, "completed_at", at))

    def with_plan_withdrawn(self, plan_id: str) -> CaseFacts:
        """Using this right is held against nobody."""
        return replace(self, plans=with_withdrawal(self.plans, plan_id))

    def with_early_sign(self, sign: str) -> CaseFacts:
        """The same sign again says nothing new."""
        return replace(self, early_signs=tuple(sorted({*self.early_signs, sign})))

    def with_plan_broken(self, plan_id: str, at: datetime, broken_in_all: int) -> CaseFacts:
        """`broken_in_all` counts the broken plans of the case; a plan that misses two instalments is broken once."""
        return replace(
            self,
            plans_broken=max(self.plans_broken, broken_in_all),
            plans=with_news(self.plans, plan_id, "broken_at", at),
        )
