"""What people write back: legal words by rule, everything else by a small model, days and amounts by our own reading."""
