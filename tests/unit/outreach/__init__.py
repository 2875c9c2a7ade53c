"""The rules of contact, without input or output."""
