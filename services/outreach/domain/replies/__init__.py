"""What people write back: legal words by rule, the rest by a small model, days and amounts by our own reading."""
