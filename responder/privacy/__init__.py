"""Letting go: erasure of a person, and of what was kept long enough."""
