"""Programmes and their monthly cycles: selection, proposal and approval, distribution day, closing."""
