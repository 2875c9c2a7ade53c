"""Makes docs/generated/ from the code: one module a kind of document, the same bytes at every run."""
