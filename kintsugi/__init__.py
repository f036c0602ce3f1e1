"""Wiring and surface: the command line, the pipeline, the engines, the schedule, the demo."""
