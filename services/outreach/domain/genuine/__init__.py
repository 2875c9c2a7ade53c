"""Proof that a message is ours: codes and tokens that anybody can check without asking us."""
