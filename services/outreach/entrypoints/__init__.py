"""The ways in: HTTP, events, timers. Parse, call the use case, answer."""
