"""One trace from the lender's request through every topic to the last effect."""
