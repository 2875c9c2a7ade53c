"""All tests; nothing under services/ is one."""
