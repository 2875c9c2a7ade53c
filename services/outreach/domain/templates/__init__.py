"""Templates: versions that one person makes and another approves, and what a text must say before it may be used."""
