"""The ways in: HTTP for the staff, events for everything else."""
