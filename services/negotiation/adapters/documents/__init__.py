"""Documents: PDF/A made by typst, sealed with PAdES, proven by codes."""
