"""Describes how an implementation of a hook is called: with the arguments that it names, as pluggy does it.

The dispatch is the core's own (``guyub.plugins.dispatch``). pluggy keeps the specifications and the implementations and compares
them; its own call knows nothing of a facility where a plugin is not active, of a savepoint around a batch, of an answer that
counts as a blocking finding when it crashes, or of the plugin that is named in the log. What an author knows of pluggy holds all
the same: a method marked ``@hookimpl`` names the arguments that it wants, in any order, so that a hook can get further ones
without breaking the plugins that do not name them.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from pluggy import HookImpl

from guyub.sdk.hookspecs import HOOKS


def by_name(function: Callable[..., Any], wanted: Sequence[str], known: Sequence[str]) -> Callable[..., Any]:
    """Returns what takes all ``known`` arguments by position and hands on to ``function`` those ``wanted``."""
    places = [known.index(name) for name in wanted]
    if places == list(range(len(known))):
        return function
    if not places:
        return lambda *_: function()
    if len(places) == 1:
        (only,) = places
        return lambda *arguments: function(arguments[only])
    picked = itemgetter(*places)
    return lambda *arguments: function(*picked(arguments))


def function_of(implementation: HookImpl, hook: str) -> Callable[..., Any]:
    """Returns the implementation as the dispatch calls it, with every argument of its hook."""
    return by_name(implementation.function, implementation.argnames, HOOKS[hook].arguments)
