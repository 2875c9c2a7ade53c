"""Rules of negotiation, without input or output."""
