"""Providers as their documents describe them, on a free port of this machine: what deviates is refused."""
