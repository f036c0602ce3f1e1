"""Places that can be told: one file each, one interface."""
