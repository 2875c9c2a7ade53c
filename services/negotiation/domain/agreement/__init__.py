"""What an agreement says in plain words, how long one may withdraw from it, and what a debt's end is certified by."""
