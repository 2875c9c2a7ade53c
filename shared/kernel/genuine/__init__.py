"""Proof that a message or a document is ours: codes and tokens that anybody can check without asking us."""
