"""``guyub plugin upgrade|disable|enable|purge|restore``: a plugin's tables and its switch, for the whole installation."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlmodel import col

from guyub.cli.output import complain, say
from guyub.cli.refusals import CliRefusal
from guyub.configuration.models import PluginActivation
from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database, Work
from guyub.operations.context import TRUSTED, blocked_plugins, connect, whoami
from guyub.plugins import plugin_tables, probe_results, table_archive
from guyub.plugins.discovery import candidates
from guyub.plugins.global_disable import disable_to_purge, globally_disabled, note_tables, switch
from guyub.plugins.installed import Installed
from guyub.plugins.table_schemas import is_there
from guyub.sdk.errors import Refusal
from guyub.ui.validation_messages import unknown

_HEEDED = "Proses yang berjalan langsung mengikutinya | running processes heed it at once."
_RESTART = "Mulai ulang guyub serve dan worker | restart guyub serve and worker."
_NEW_CODE = (
    f"{_HEEDED}\nBila kodenya ikut berubah, mulai ulang guyub serve dan worker. | If its code has changed too, restart guyub "
    "serve and worker."
)

Slug = Annotated[str, typer.Argument(metavar="SLUG", help="plugin")]
ReasonOption = Annotated[str, typer.Option(help="alasan | why; kept in the audit log")]


def upgrade(
    slug: Annotated[str, typer.Argument(metavar="[SLUG]", help="semua, bila dikosongkan | all if omitted")] = "",
) -> None:
    """Brings the tables of a plugin, or of all that are behind, to the version of their code."""
    failed = False
    with connect(say=say) as (context, database):
        plugins = Installed(barred=blocked_plugins(context, database, say))
        with database.work(database.as_service(whoami())) as work:
            behind = plugin_tables.unfit(work, plugins, globally_disabled(work))
        for item in [slug] if slug else sorted(behind):
            try:
                plugin_tables.upgrade(context.installation, plugins, item)
            except Refusal as refusal:
                complain(refusal)
                failed = True
                continue
            with database.work(database.as_service(whoami())) as work:
                note_tables(work, item, "host.upgrade_tables")
            print(f"{item}: tabel mutakhir | tables are up to date. {_NEW_CODE}")
    if failed:
        raise typer.Exit(1)
    if not slug and not behind:
        print("Semua tabel plugin mutakhir. | The tables of all plugins are up to date.")


def disable(slug: Slug, reason: ReasonOption = "") -> None:
    """Takes a plugin out of service everywhere; its data stays readable, nothing of it is imported."""
    with connect(say=say) as (context, database), database.work(database.as_service(whoami())) as work:
        _require_known(work, context.installation, slug)
        switch(work, slug, disabled=True, reason=reason)
    print(f"{slug}: dinonaktifkan | disabled. {_HEEDED}")


def enable(slug: Slug, reason: ReasonOption = "") -> None:
    """Puts a disabled plugin back into service; one that did harm when it was loaded is tried again."""
    with connect(say=say) as (context, database), database.work(database.as_service(whoami())) as work:
        _require_known(work, context.installation, slug)
        before = globally_disabled(work).get(slug)
        switch(work, slug, disabled=False, reason=reason)
        trusted = context.home.path / TRUSTED
        probe_results.forget(trusted, slug)
        is_loaded = probe_results.is_trusted(trusted, slug)
    print(f"{slug}: aktif kembali | enabled. {_HEEDED if is_loaded else _RESTART}")
    if before is not None and before.exported_to:
        print(
            f"Tabelnya akan kosong; datanya ada pada {before.exported_to}. | Its tables will be empty; its data lies in "
            f"{before.exported_to}."
        )


def purge(
    slug: Slug,
    export: Annotated[
        Path, typer.Option(metavar="DIR", help="folder kosong untuk ekspor | empty folder for the export")
    ],
) -> None:
    """Exports the plugin's own tables into a folder, then drops them and disables it. The core's books stay."""
    with connect(say=say) as (context, database):
        with database.work(database.as_service(whoami())) as work:
            _require_known(work, context.installation, slug)
            table_archive.prepare(export)
            # Before its tables go: no start in between may make them anew, and empty.
            disable_to_purge(work, slug, str(export.resolve()))
        manifest = table_archive.purge(context.installation, slug, export)
        with database.work(database.as_service(whoami())) as work:
            rows = {table.name: table.rows for table in manifest.tables}
            note_tables(work, slug, "host.purge", {"rows": rows, "schema_version": list(manifest.schema_version)})
    for table in manifest.tables:
        print(f"{export / table.file}: {table.rows} baris | rows")
    print(f"{slug}: tabelnya dihapus, pembukuan inti tetap | its tables are dropped, the core's books stay. {_HEEDED}")
    print("Folder ini dapat memuat data pribadi: simpan terkunci. | It may hold personal data: keep it locked away.")


def restore(
    slug: Slug,
    folder: Annotated[Path, typer.Option("--from", metavar="DIR", help="folder hasil ekspor | folder of the export")],
) -> None:
    """Makes the plugin's tables again from an export of ``purge``, fills them, and enables the plugin."""
    with connect(say=say) as (context, database):
        is_loaded = probe_results.is_trusted(context.home.path / TRUSTED, slug)
        plugins = Installed(barred=blocked_plugins(context, database, say, slug))
        plugins.plugin(slug)
        scripts = plugin_tables.with_tables(plugins).get(slug)
        if scripts is None:
            raise _no_tables(slug)
        manifest = table_archive.restore(context.installation, slug, scripts, folder)
        _note_restored(database, slug, {table.name: table.rows for table in manifest.tables})
    rows = sum(table.rows for table in manifest.tables)
    print(f"{slug}: {rows} baris dipulihkan | rows restored. {_HEEDED if is_loaded else _RESTART}")


def add_to(app: typer.Typer) -> None:
    for command in (upgrade, disable, enable, purge, restore):
        app.command(command.__name__)(command)


def _note_restored(database: Database, slug: str, rows: dict[str, int]) -> None:
    with database.work(database.as_service(whoami())) as work:
        if slug in globally_disabled(work):
            switch(work, slug, disabled=False, reason="restore")
        note_tables(work, slug, "host.restore", {"rows": rows})


def _require_known(work: Work, installation: Installation, slug: str) -> None:
    """Refuses a plugin that is unknown. It is known by its distribution's metadata, by where it ever ran, or by its schema."""
    known = {candidate.status.slug for candidate in candidates()}
    known |= set(work.scalars(select(col(PluginActivation.plugin)).distinct()))
    if slug not in known and not is_there(installation, slug):
        raise CliRefusal.NO_SUCH_PLUGIN.not_found(unknown=unknown(slug, sorted(known)))


def _no_tables(slug: str) -> Refusal:
    return CliRefusal.NO_TABLES.refusal(slug=slug)
