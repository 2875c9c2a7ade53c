"""Words with one meaning in every stage. Stands on the standard library alone."""
