"""Runs exported decisions again: no database, no network, no settings; the gate, the pack reader and an export."""
