"""Renders, numbers and keeps letters, lists, minutes and books, which the rooms above draw up as data."""
