"""The sandbox: what it places, how its borrowers behave, and how it counts."""
