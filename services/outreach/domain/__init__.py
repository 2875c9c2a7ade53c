"""The rules of contact: pure Python, one case at a time."""
