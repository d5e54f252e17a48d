"""The documents of a cycle: decree, recipient list, acknowledgements, minutes, report, recap."""
