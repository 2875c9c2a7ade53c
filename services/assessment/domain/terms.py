"""The closed words of assessment. A test holds them to the words of the contracts."""

from __future__ import annotations

from typing import Literal

Stage = Literal["early", "mid", "late"]
RiskGrade = Literal["A", "B", "C", "D", "E"]
Axis = Literal["ability", "willingness"]
PlanState = Literal["none", "running", "broken", "completed"]
Reach = Literal["not_yet", "conversation", "unreached"]
CaseStatus = Literal["open", "recalled", "closed", "erased"]
ArrearsCause = Literal[
    "unknown",
    "oversight",
    "cash_flow_gap",
    "job_loss",
    "illness",
    "bereavement",
    "over_borrowing",
    "dispute",
    "fraud_victim",
    "refuses",
]
VULNERABLE_CAUSES: frozenset[ArrearsCause] = frozenset({"illness", "bereavement"})
"""Causes that put a case on the care track (F12). Once stated, it stays there: a later word undoes no illness."""
HARDSHIP_INTENTS = frozenset({"hardship", "cannot_pay"})
"""What a borrower says who talks to us about not being able to pay."""
VULNERABLE_INTENTS = frozenset({"distress"})
"""Who is in distress is on the care track as who is ill (CONC 7.10), and stays there."""
OTHER_INTENTS = frozenset(
    {"stop", "dispute", "complaint", "promise", "wrong_person", "already_paid", "question", "call_back", "other"}
)
"""Every other intent a reply may have: it shows that the borrower is reached, and nothing of hardship."""
