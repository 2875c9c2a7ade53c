"""`make bench`: what the platform does per second, against a raw loop in the same run."""
