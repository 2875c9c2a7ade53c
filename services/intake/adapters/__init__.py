"""The outside of intake: tables, the vault's cryptography, the numbering plan."""
