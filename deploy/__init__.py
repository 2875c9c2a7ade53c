"""How Concord runs: the local stack, the sandbox, the topics."""
