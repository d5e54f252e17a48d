"""Commands of a plugin: a Typer application under ``guyub plugin run SLUG``, one facility and one transaction at a time."""

from contextlib import AbstractContextManager
from typing import Any, Protocol

import typer

from guyub.sdk.contexts import HookContext


class CommandDesk(Protocol):
    """The object that the core puts into ``ctx.obj`` of a plugin's command."""

    def at(self, facility: str) -> AbstractContextManager[HookContext[Any]]:
        """Opens one transaction at a facility and commits it at the end of the block. Raises ``NotFound`` where the plugin
        does not run there."""
        ...


def at(ctx: typer.Context, facility: str) -> AbstractContextManager[HookContext[Any]]:
    """Gives a command its configuration and session at one facility (its code): ``with at(ctx, "rutan-contoh") as here:``."""
    desk: CommandDesk = ctx.obj
    return desk.at(facility)
