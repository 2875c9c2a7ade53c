"""The way of this service's tables from version to version."""
