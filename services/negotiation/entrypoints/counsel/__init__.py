"""Counsel's desk: the queue of legal files, and one file with everything that a signature is about. No script."""
