"""The rules of conformance, grouped by family; a rule is a function with ``@rule``."""
