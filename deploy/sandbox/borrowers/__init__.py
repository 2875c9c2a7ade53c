"""Simulated borrowers: who they are, what they notice, what they answer, how they bargain, how they pay."""
