"""Ways to the lender as furnisher of credit records: a folder that is fetched, or the sandbox's lender."""
