"""Escalation as a proof obligation: no step of a rung exists without evidence of the rungs below it."""
