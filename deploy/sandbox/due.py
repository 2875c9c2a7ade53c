"""What counts as due in the services that have timers: the clock must not move on before they have dealt with it."""

from __future__ import annotations

from collections.abc import Mapping

DUE: Mapping[str, str] = {
    "outreach": """
        SELECT 'contacts' AS what, count(*) AS n FROM contact_plans WHERE due_at <= $1
        UNION ALL SELECT 'attempts in hand', count(*) FROM attempts
            WHERE state IN ('reserved', 'sending') AND channel <> 'visit'
            AND attempt_id NOT IN (SELECT attempt_id FROM hand_calls)
        UNION ALL SELECT 'visits nobody made', count(*) FROM visits
            WHERE (state = 'ordered' AND ends_at <= $1) OR (state = 'started' AND ends_at <= $1 - interval '24 hours')
        UNION ALL SELECT 'validation notices', count(*) FROM validation_notices WHERE due_at <= $1
        UNION ALL SELECT 'instalments to remind of', count(*) FROM instalment_reminders WHERE remind_at <= $1
        UNION ALL SELECT 'signals to count', count(*) FROM contact_signals WHERE NOT is_counted
        UNION ALL SELECT 'choices to judge', count(*) FROM arm_pulls WHERE judge_at <= $1
        UNION ALL SELECT 'complaints and disputes to remind of', count(*) FROM desk_matters WHERE remind_at <= $1
        UNION ALL SELECT 'answers to send', count(*) FROM due_answers WHERE state = 'due' AND due_at <= $1
        UNION ALL SELECT 'promises to count', count(*) FROM promises WHERE state = 'proposed' AND counts_at <= $1
        UNION ALL SELECT 'persons to ask after', count(*) FROM persons
            WHERE group_id IS NULL AND tokens_due_at <= clock_timestamp()
        UNION ALL SELECT 'alarms to mail', count(*) FROM conduct_alarms WHERE mail_at <= $1
        UNION ALL SELECT 'holds to release', count(*) FROM holds WHERE until <= $1 AND released_at IS NULL
    """,
    "negotiation": """
        SELECT 'instalments to look at' AS what, count(*) AS n FROM instalments WHERE is_watched AND watch_at <= $1
        UNION ALL SELECT 'cases to look for early signs in', count(*) FROM case_watches WHERE look_at <= $1
        UNION ALL SELECT 'playbooks nobody answered', count(*) FROM playbook_runs WHERE is_awaited AND reassess_by <= $1
        UNION ALL SELECT 'relief to look at', count(*) FROM reliefs WHERE due_at <= $1
        UNION ALL SELECT 'cures to end', count(*) FROM cure_watches WHERE outcome IS NULL AND ends_at <= $1
        UNION ALL SELECT 'mandates to look again by', count(*) FROM mandate_rechecks
            WHERE due_on <= ($1::timestamptz AT TIME ZONE 'UTC')::date
        UNION ALL SELECT 'approvals to end', count(*) FROM approvals WHERE status = 'open' AND expires_at <= $1
        UNION ALL SELECT 'deadlines in law', count(*) FROM legal_deadlines WHERE remind_at <= $1
        UNION ALL SELECT 'payments to settle', count(*) FROM payment_notices WHERE verdict IS NULL
        UNION ALL SELECT 'payments to ask after', count(*) FROM payment_intents WHERE due_at <= $1
        UNION ALL SELECT 'refunds to send', count(*) FROM refund_orders WHERE due_at <= $1
        UNION ALL SELECT 'entries of the bank to match', count(*) FROM bank_entries WHERE state = 'new'
        UNION ALL SELECT 'entries of the bank to book', count(*) FROM bank_entries
            WHERE state <> 'explained' AND state = 'ordered'
        UNION ALL SELECT 'allocations to book', count(*) FROM bank_allocations WHERE state = 'ordered'
        UNION ALL SELECT 'clearances to follow', count(*) FROM clearances
            WHERE NOT is_followed AND withdrawn_at IS NULL
        UNION ALL SELECT 'corrections to send', count(*) FROM corrections
            WHERE state IN ('requested', 'sent') AND due_at <= $1
        UNION ALL SELECT 'remittances to collect or undo', count(*) FROM remittances
            WHERE status IN ('collecting', 'cancelling')
        UNION ALL SELECT 'remittances to tell', count(*) FROM remittances
            WHERE status = 'paid' AND told_through <> 'ffffffff-ffff-ffff-ffff-ffffffffffff'
    """,
}
"""Service -> query of rows (what, n); $1 is the time now. Each condition is the one of an index of the service.

Not waited for: queues of people, papers whose time to be kept is over, and hand-overs to the legal track, which nobody
in the sandbox signs. None of them moves anything else.
"""
