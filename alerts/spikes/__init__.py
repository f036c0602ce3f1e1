"""Spikes: an unusual volume or negative share of a series, found as it happens and told once."""
