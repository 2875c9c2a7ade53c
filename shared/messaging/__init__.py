"""Consuming means inserting a row: the batch subscriber, its fences, and what happens to what it cannot handle."""
