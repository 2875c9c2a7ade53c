"""A call that the person asked for, or that answers them, presses nobody: it needs no proof of softer steps."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.outreach.domain.escalation.records import History

CALL_BACK_WITHIN = timedelta(days=31)
"""How long a wish to be called back stands: as long as it stays in the queue. It ends when they have been spoken to."""
ANSWER_WITHIN = timedelta(days=3)
"""How long a call or a text still answers a message. It does so once."""


def is_asked_for(history: History, call_back_at: datetime | None, now: datetime) -> bool:
    """`call_back_at`: when the person last asked to be called, or was promised it; None: never."""
    calls = [attempt for attempt in history.attempts if attempt.rung == "call"]
    spoken_at = max((call.at for call in calls if call.outcome == "conversation"), default=None)
    if call_back_at is not None and now - call_back_at <= CALL_BACK_WITHIN:
        has_been_spoken_to = spoken_at is not None and spoken_at > call_back_at
        if not has_been_spoken_to:
            return True
    answered_at = history.answered_at
    if answered_at is None or now - answered_at > ANSWER_WITHIN:
        return False
    return not any(call.at > answered_at for call in calls)
