"""Holds what happened and what needs attention: the home of a facility, and the overview of a region. Figures, never people."""
