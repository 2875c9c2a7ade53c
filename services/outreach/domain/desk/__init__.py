"""Complaints and disputes as they are worked on: terms, states, evidence, and the letter that answers."""
