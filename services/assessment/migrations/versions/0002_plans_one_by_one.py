"""Facts of plans are kept plan by plan: a borrower may withdraw from one, and another stays."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

# What was heard before has no plan's name: it is kept as one plan without a name, which nobody withdraws from.
NAME_PLANS = """
UPDATE case_files SET facts = facts - 'plan_agreed_at' - 'plan_broken_at' - 'plan_completed_at'
  || jsonb_build_object('plans', CASE
    WHEN concat(facts->>'plan_agreed_at', facts->>'plan_broken_at', facts->>'plan_completed_at') = ''
    THEN '[]'::jsonb
    ELSE jsonb_build_array(jsonb_build_object(
      'plan_id', '', 'agreed_at', facts->>'plan_agreed_at', 'broken_at', facts->>'plan_broken_at',
      'completed_at', facts->>'plan_completed_at', 'is_withdrawn', false)) END)
WHERE facts ? 'plan_agreed_at'
"""


def upgrade() -> None:
    op.execute(NAME_PLANS)
