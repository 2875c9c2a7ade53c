"""Letters on paper: PDFs made by typst, and their QR codes."""
