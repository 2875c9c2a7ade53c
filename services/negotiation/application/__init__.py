"""What negotiation does, one module a use case; many cases at once."""
