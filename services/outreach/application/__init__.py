"""The use cases of outreach, one module each, and the ports they speak through."""
