"""What the journal and the figures are, without a database."""
