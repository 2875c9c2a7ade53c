"""What the five mains would repeat: settings, roles, health, problems, signatures, logs."""
