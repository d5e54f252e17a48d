"""Pages: permissions, addresses, templates, both languages."""
