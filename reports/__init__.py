"""Measures: figures from rows, and the periodic reports that managers read."""
