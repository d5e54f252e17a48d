"""Whether the marked methods of a plugin are hooks that the host can call: by name, by arguments, and as plain functions."""

import inspect
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from guyub.sdk.hookspecs import HOOKS
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text

_PREFIX = "guyub_"
_MARK = "guyub_impl"
_BARE = {
    "wrapper": False,
    "hookwrapper": False,
    "optionalhook": False,
    "tryfirst": False,
    "trylast": False,
    "specname": None,
}


def faults(plugin: Plugin) -> Iterator[Text]:
    """Each mistake in a sentence; pluggy finds some of them too, but not what is merely never called."""
    for name in sorted(set(dir(type(plugin)))):
        static = inspect.getattr_static(type(plugin), name)
        options = getattr(static, _MARK, None)
        if options is not None or (name.startswith(_PREFIX) and inspect.isroutine(static)):
            yield from _method(name, static, options)


def _method(name: str, function: Any, options: dict[str, object] | None) -> Iterator[Text]:
    if name not in HOOKS:
        near = get_close_matches(name, HOOKS, 1)
        hint = (
            Text(id=" Mungkin maksudnya {near}.", en=" Perhaps {near} is meant.").format(near=near[0]) if near else ""
        )
        yield Text(id="Hook “{name}” tidak dikenal.{hint}", en="There is no hook “{name}”.{hint}").format(
            name=name, hint=hint
        )
        return
    if options is None:
        yield Text(
            id="“{name}” tidak ditandai @hookimpl, sehingga tidak pernah dipanggil.",
            en="“{name}” is not marked @hookimpl, so it would never be called.",
        ).format(name=name)
        return
    if any(options.get(option) != value for option, value in _BARE.items()):
        yield Text(
            id="@hookimpl pada “{name}” dipakai tanpa opsi.", en="@hookimpl on “{name}” takes no options."
        ).format(name=name)
    if not inspect.isfunction(function) or _is_lazy(function):
        yield Text(
            id="“{name}” harus metode biasa: tanpa async, tanpa yield.",
            en="“{name}” must be a plain method: no async, no yield.",
        ).format(name=name)
        return
    arguments = tuple(inspect.signature(function).parameters)[1:]
    if arguments != HOOKS[name].arguments:
        yield Text(
            id="Argumen “{name}” harus ({wanted}), bukan ({given}).",
            en="The arguments of “{name}” must be ({wanted}), not ({given}).",
        ).format(name=name, wanted=", ".join(HOOKS[name].arguments), given=", ".join(arguments))


def _is_lazy(function: Any) -> bool:
    return (
        inspect.iscoroutinefunction(function)
        or inspect.isgeneratorfunction(function)
        or inspect.isasyncgenfunction(function)
    )
