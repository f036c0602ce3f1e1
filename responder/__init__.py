"""Answers and stays: cases and their clocks, playbooks, drafts, follow-up, outcomes."""
