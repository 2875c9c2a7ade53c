"""What reporting does: record events, verify what it recorded, answer questions about it."""
