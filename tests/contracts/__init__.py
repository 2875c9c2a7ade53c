"""The event contracts, and what is generated from them."""
