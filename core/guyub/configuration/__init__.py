"""Activation and values of plugins per field, layer and day: read, planned, applied, taken back; one engine for every door."""
