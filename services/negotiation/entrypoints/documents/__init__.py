"""Agreements and their copies, certificates, and the public check of both."""
