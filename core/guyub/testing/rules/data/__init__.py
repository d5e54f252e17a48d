"""Data: own tables, published facts, personal data."""
