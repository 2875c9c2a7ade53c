"""The rules of scoring and treatment: plain Python, one case at a time."""
