"""The outside: tables, repositories, and the model's files."""
