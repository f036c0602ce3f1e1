"""Engines run the steps of kintsugi.pipeline: embedded (one process, SQLite)."""
