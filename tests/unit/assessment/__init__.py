"""Rules of assessment, without input or output."""
