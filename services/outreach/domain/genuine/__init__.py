"""Whether a message is ours: every answer that a checker may give."""
