"""Field visits: who goes, where, when, and what their report means."""
