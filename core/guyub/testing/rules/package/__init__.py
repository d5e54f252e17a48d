"""The distribution: names, dependencies, what it imports."""
