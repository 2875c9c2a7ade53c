"""The plumbing of all five services under faults: one suite, written once, run over each service's real handlers."""
