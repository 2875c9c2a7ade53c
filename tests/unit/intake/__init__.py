"""The rules of verification, links, recalls and payments; the vault's cryptography; reading bodies."""
