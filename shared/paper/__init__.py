"""Paper: PDFs made by typst, and picture codes on them."""
