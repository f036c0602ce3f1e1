"""Assesses mentions: language, sentiment, topics, emotion, urgency and severity, with evidence and reasons."""
