"""Finds, checks, loads, isolates and calls plugins; their tables, menus and reports."""
