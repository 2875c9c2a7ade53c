"""What is seen before, after and around a broken plan: early signs, the default playbook, limits, cures."""
