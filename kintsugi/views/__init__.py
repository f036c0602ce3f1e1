"""Rows read as a person should see them."""
