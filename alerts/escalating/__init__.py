"""Whose case it is, and who is told next: assignment, on-call, escalation, reminders, the digest."""
