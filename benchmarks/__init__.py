"""What is measured, against what, with which command: ``make bench``, or ``python -m benchmarks month --sizes 5 500``."""
