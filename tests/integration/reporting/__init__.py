"""Reporting on a real database: its journal, its figures, its API and its pages."""
