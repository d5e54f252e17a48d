"""Hooks: names, shape, and no state or effects of their own."""
