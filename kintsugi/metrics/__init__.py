"""What Prometheus reads: times of the steps as this process saw them, and the rest from the rows."""
