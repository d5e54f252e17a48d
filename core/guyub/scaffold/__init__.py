"""Writes a new plugin: a distribution that installs, passes its own tests and ``guyub plugin check`` at once."""

from guyub.scaffold.naming import Names, names_of
from guyub.scaffold.writing import PluginKind, write

__all__ = ["Names", "PluginKind", "names_of", "write"]
