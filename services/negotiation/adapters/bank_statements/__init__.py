"""Readers of bank statements: camt.053 (ISO 20022) and MT940 (SWIFT), told apart by how the file begins."""
