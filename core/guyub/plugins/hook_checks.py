"""Checks the marked methods of a plugin: each is a hook that the host can call by name and arguments, as a plain function."""

import inspect
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from guyub.plugins.declaration_fault import DeclarationFault
from guyub.sdk.hookspecs import HOOKS
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text

_PREFIX = "guyub_"
_MARK = "guyub_impl"
"""The attribute that ``guyub.sdk.hookimpl`` leaves on what it marks."""
_BARE = {
    "wrapper": False,
    "hookwrapper": False,
    "optionalhook": False,
    "tryfirst": False,
    "trylast": False,
    "specname": None,
}


def hook_methods(plugin: Plugin) -> Iterator[tuple[str, Any, dict[str, object] | None]]:
    """Yields the methods that are hooks or look like ones, by name: name, function, options of the mark (None without one)."""
    for name in sorted(set(dir(type(plugin)))):
        static = inspect.getattr_static(type(plugin), name)
        options = getattr(static, _MARK, None)
        if options is not None or (name.startswith(_PREFIX) and inspect.isroutine(static)):
            yield name, static, options


def faults(plugin: Plugin) -> Iterator[DeclarationFault]:
    """Yields each fault; pluggy finds some of them too, but not what is merely never called."""
    for name, function, options in hook_methods(plugin):
        for code, text in _method(name, function, options):
            yield DeclarationFault(code, text, name, getattr(function, "__func__", function))


def _method(name: str, function: Any, options: dict[str, object] | None) -> Iterator[tuple[str, Text]]:
    if name not in HOOKS:
        near = get_close_matches(name, HOOKS, 1)
        hint = (
            Text(id=" Mungkin maksudnya {near}.", en=" Perhaps {near} is meant.").format(near=near[0]) if near else ""
        )
        yield (
            "HOOK001",
            Text(id="Hook “{name}” tidak dikenal.{hint}", en="There is no hook “{name}”.{hint}").format(
                name=name, hint=hint
            ),
        )
        return
    if options is None:
        yield (
            "HOOK002",
            Text(
                id="“{name}” tidak ditandai @hookimpl, sehingga tidak pernah dipanggil.",
                en="“{name}” is not marked @hookimpl, so it would never be called.",
            ).format(name=name),
        )
        return
    if wrong := [option for option, value in _BARE.items() if options.get(option) != value]:
        yield (
            "HOOK003",
            Text(
                id="@hookimpl pada “{name}” dipakai tanpa opsi (kini {options}).",
                en="@hookimpl on “{name}” takes no options (it has {options}).",
            ).format(name=name, options=", ".join(wrong)),
        )
    if not inspect.isfunction(function) or _is_lazy(function):
        yield (
            "HOOK004",
            Text(
                id="“{name}” harus metode biasa: tanpa async, tanpa yield.",
                en="“{name}” must be a plain method: no async, no yield.",
            ).format(name=name),
        )
        return
    arguments = list(inspect.signature(function).parameters.values())[1:]
    if not {argument.name for argument in arguments} <= set(HOOKS[name].arguments) or not all(
        map(_is_plain, arguments)
    ):
        yield (
            "HOOK005",
            Text(
                id="Argumen “{name}” dipilih dari ({known}), tanpa nilai bawaan, bukan {actual}.",
                en="The arguments of “{name}” are some of ({known}), without defaults, not {actual}.",
            ).format(name=name, known=", ".join(HOOKS[name].arguments), actual=_without_types(arguments)),
        )


def _is_plain(argument: inspect.Parameter) -> bool:
    return argument.kind is argument.POSITIONAL_OR_KEYWORD and argument.default is argument.empty


def _without_types(arguments: list[inspect.Parameter]) -> str:
    return str(inspect.Signature([argument.replace(annotation=argument.empty) for argument in arguments]))


def _is_lazy(function: Any) -> bool:
    return (
        inspect.iscoroutinefunction(function)
        or inspect.isgeneratorfunction(function)
        or inspect.isasyncgenfunction(function)
    )
