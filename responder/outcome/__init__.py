"""Outcomes: the customer is asked again, and what came of a case is told by evidence."""
