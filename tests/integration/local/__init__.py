"""The local stack: ports, archives, processes, and that nothing is ever left behind."""
