"""No input, no output."""
