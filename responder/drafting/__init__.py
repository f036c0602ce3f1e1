"""Drafts: what is asked for, the playbook and the strategy behind it, the drafters, practice."""
