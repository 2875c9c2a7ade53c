"""All processes together, and the console in a real browser."""
