"""A sample brand: its recorded days, the local site that serves them, and the run through the real pipeline."""
