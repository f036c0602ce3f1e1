"""What is particular to replies in English."""
