"""The guard: what may not stand in a public reply."""
