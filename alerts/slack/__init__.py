"""Slack as the place of work: what messages look like and what buttons do."""
