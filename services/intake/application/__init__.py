"""The use cases of intake, named by what they do, and the ports they need."""
