"""Tables, repositories and the way to the vault."""
