"""Relief in hardship: what is asked and proved, who decides, how long it lasts, and what ends it."""
