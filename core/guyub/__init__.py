"""Guyub: welfare programmes of correctional facilities, run from one place."""
