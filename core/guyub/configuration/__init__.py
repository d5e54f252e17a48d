"""Activation and values of plugins per field, layer and day: read, changed, checked, with their pages and API."""
