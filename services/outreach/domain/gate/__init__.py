"""The gate: is this contact permitted now? A pure library; its inputs and its answer can be handed to an outsider."""
