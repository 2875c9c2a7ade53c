"""The staff console: server-rendered pages in English and Chinese, identifiers only, no personal data."""
