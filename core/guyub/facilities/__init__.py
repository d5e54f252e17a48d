"""Regions, facilities, officials and ministerial programmes: what a letter needs to know of its sender, on any day."""
