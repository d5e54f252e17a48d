"""The monthly recap that a regional office sends: its figures as workbook, letter and WhatsApp text."""
