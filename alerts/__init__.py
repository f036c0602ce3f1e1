"""Brings a case to the person who can put it right: criteria, routes, receivers."""
