"""Refuses a second process on one database."""


class AlreadyRunning(Exception):
    """Another process works on this database. The text names it and says what to do."""
