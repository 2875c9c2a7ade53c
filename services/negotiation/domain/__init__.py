"""What may be offered, what was agreed, what was paid: plain rules without input or output."""
