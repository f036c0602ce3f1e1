"""What the operator needs: checks, logs, traces, readiness, reloading, moving to another database."""
