"""What the journal and the figures are: pure functions over facts, in any order of arrival."""
