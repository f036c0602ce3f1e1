"""What is particular to replies in Japanese."""
