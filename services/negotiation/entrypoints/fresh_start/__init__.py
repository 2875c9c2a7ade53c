"""Fresh starts over HTTP: the borrower's own, and the lists that staff work through."""
