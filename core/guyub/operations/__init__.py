"""Holds what runs an installation: the context that commands work in."""
