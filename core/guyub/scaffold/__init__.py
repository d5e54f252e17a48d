"""Writes a new plugin: a distribution that installs, passes its own tests and ``guyub plugin check`` at once."""

from guyub.scaffold.naming import Names, names_of
from guyub.scaffold.writing import Kind, write

__all__ = ["Kind", "Names", "names_of", "write"]
