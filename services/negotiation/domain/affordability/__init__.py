"""What somebody can pay: a statement of income and spending, guide figures, and what is left."""
