"""What outreach needs of the outside: tables, vault, channels, packs and templates as data."""
