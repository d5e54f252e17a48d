"""Finds, checks, isolates and dispatches plugins; activation and configuration per facility."""
