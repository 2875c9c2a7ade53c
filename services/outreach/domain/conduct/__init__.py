"""Conduct: what may never be said to anybody about a debt, whoever says it and by whatever channel."""
