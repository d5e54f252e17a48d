"""``guyub plugin run SLUG ...``: a plugin's own commands, one facility and one transaction at a time."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
import typer.main

from guyub.access import audit
from guyub.cli import logs
from guyub.cli.refusals import CliRefusal
from guyub.operations.context import AppContext, open_app, whoami
from guyub.plugins import plugin_session
from guyub.plugins.crash import naming
from guyub.sdk.contexts import HookContext
from guyub.sdk.errors import NotFound
from guyub.sdk.text import Text

REFUSED = 1
LOG = "plugin_commands.log"
"""In the home: the whole of what went wrong in a plugin's command."""
_FAILED = Text(
    id="Perintah plugin “{title}” ({slug}) gagal: {case}. Kode: {code}.",
    en="A command of the plugin “{title}” ({slug}) failed: {case}. Code: {code}.",
)
_LOOK = Text(
    id="Pada UPT tempat perintah itu berhenti tidak ada yang disimpan. Cari kode itu pada {log}, lalu sampaikan kepada "
    "pembuat plugin.",
    en="Nothing was saved at the facility where it stopped. Find that code in {log} and tell the plugin's author.",
)


@dataclass(frozen=True, slots=True)
class PluginCommandContext:
    """Holds what a command finds in ``ctx.obj``: the way to a facility where its plugin runs."""

    opened: AppContext
    slug: str

    @contextmanager
    def at(self, facility: str) -> Iterator[HookContext[Any]]:
        """Opens one transaction, committed at the end of the block and written down in the facility's audit log."""
        database, plugins = self.opened.database, self.opened.plugins
        with database.work(database.as_service(f"{whoami()} ({self.slug})", facility)) as work:
            if work.facility is None:
                raise _unknown(facility)
            today = datetime.now(ZoneInfo(work.here.zone)).date()
            plugins.require_active(work, self.slug, today)
            config = plugins.resolve(work, self.slug, work.here.id, today).config
            with plugin_session.calling(
                work.session, self.slug, "command", facility, keep=True, installed=plugins.installed
            ) as session:
                yield HookContext(config, work.here, today, session)
            audit.record(work, f"{self.slug}.command", facility)


def run(
    ctx: typer.Context, slug: Annotated[str, typer.Argument(help="plugin, then its own command and options")]
) -> None:
    """Runs a command that a plugin brings along; ``guyub plugin run SLUG --help`` lists them."""
    with open_app() as here:
        plugin = here.plugins.plugin(slug)
        if plugin.commands is None:
            raise CliRefusal.NO_COMMANDS.refusal(slug=slug)
        # A group even where there is one command alone: what comes after the slug is always the name of a command.
        commands = typer.main.get_group(plugin.commands)
        log = here.home.path / LOG
        ended: int | str | None = 0
        with logs.into_file(log), naming(plugin, "command", "", sentence=_FAILED, remedy=_LOOK.format(log=log)):
            try:
                commands.main(ctx.args, f"guyub plugin run {slug}", obj=PluginCommandContext(here, slug))
            except SystemExit as end:  # how every command ends, one that was used wrongly too
                ended = end.code
    if isinstance(ended, str):
        print(ended, file=sys.stderr)
    raise typer.Exit(REFUSED if isinstance(ended, str) else ended or 0)


def _unknown(facility: str) -> NotFound:
    return CliRefusal.UNKNOWN_FACILITY.not_found(code=facility)
