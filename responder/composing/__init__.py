"""Writes replies from phrases: what went wrong in the customer's words, and the sentences around it."""
