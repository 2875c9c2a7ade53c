"""Every span, attribute and metric, declared once; what to do when a figure rises is in docs/how-to/watch.md."""

from __future__ import annotations

# Spans, named after the semantic conventions for messaging: "<operation> <topic>".
SPAN_SEND = "send {topic}"
SPAN_PROCESS = "process {topic}"

# Attributes. Identifiers only.
MESSAGING_SYSTEM = "messaging.system"
MESSAGING_DESTINATION = "messaging.destination.name"
MESSAGING_OPERATION = "messaging.operation.type"
MESSAGING_MESSAGE_ID = "messaging.message.id"
CASE_ID = "concord.case_id"

# Metrics: name -> (help). Units are the last word.
OUTBOX_UNPUBLISHED = "concord_outbox_unpublished_rows"
OUTBOX_OLDEST_AGE = "concord_outbox_oldest_age_seconds"
RELAY_PUBLISHED = "concord_relay_published_events_total"
RELAY_IS_ACTIVE = "concord_relay_is_active"
SUBSCRIBER_HANDLED = "concord_subscriber_handled_events_total"
SUBSCRIBER_DUPLICATES = "concord_subscriber_duplicate_events_total"
SUBSCRIBER_BATCH_SECONDS = "concord_subscriber_batch_seconds"
SUBSCRIBER_LAG = "concord_subscriber_lag_records"
SUBSCRIBER_RETRIES = "concord_subscriber_transient_retries_total"
WAITING_EVENTS = "concord_waiting_events"
WAITING_OLDEST_AGE = "concord_waiting_oldest_age_seconds"
QUARANTINED_CASES = "concord_quarantined_cases"
DEAD_LETTERS = "concord_dead_letters_total"
TIMER_SWEPT = "concord_timer_swept_rows_total"
TIMER_SECONDS = "concord_timer_sweep_seconds"
OUTREACH_TEXTS_REFUSED = "concord_outreach_refused_texts_total"
OUTREACH_HARM_LEVEL = "concord_outreach_harm_budget_level"
OUTREACH_HARM_CHANGES = "concord_outreach_harm_budget_changes_total"
OUTREACH_PROVIDER_ANSWERS = "concord_outreach_provider_answers_total"
OUTREACH_PROVIDER_FAILOVERS = "concord_outreach_provider_failovers_total"
OUTREACH_PROVIDER_HELD_BACK = "concord_outreach_provider_held_back_total"
OUTREACH_PROVIDER_CIRCUIT_OPEN = "concord_outreach_provider_circuit_open"
OUTREACH_PROVIDER_REPORTS = "concord_outreach_provider_reports_total"
OUTREACH_MATTERS_OPENED = "concord_outreach_matters_opened_total"
OUTREACH_MATTERS_OVERDUE = "concord_outreach_matters_overdue"
OUTREACH_ALARMS_RAISED = "concord_outreach_conduct_alarms_total"
OUTREACH_PACK_SECONDS = "concord_outreach_evidence_pack_seconds"
LOOP_LAG = "concord_event_loop_lag_seconds"
