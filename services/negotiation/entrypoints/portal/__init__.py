"""The borrower's pages: server-rendered, without script, behind a single-use link and a second factor."""
