"""Pages of a regional office: its facilities by programmes and funding sources, and changes to many of them at once."""
