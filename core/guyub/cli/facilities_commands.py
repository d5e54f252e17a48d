"""``guyub facilities``: what files would change, changing it, taking it back, and writing the files of what is recorded."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from guyub.cli import plan_words
from guyub.cli.opening import opened, whoami
from guyub.cli.output import print_json, print_table, say
from guyub.host.plugin_host import PluginHost
from guyub.provisioning import Plan, applied, load, plan_revert
from guyub.provisioning import apply as apply_files
from guyub.provisioning import plan as plan_files
from guyub.provisioning import revert as take_back
from guyub.provisioning.declared import Declared
from guyub.provisioning.exporting import Exported
from guyub.provisioning.exporting import export as export_files
from guyub.provisioning.mistakes import FilesRefused
from guyub.provisioning.schemas import write_schemas
from guyub.sdk.words import format_moment

app = typer.Typer(help="Berkas UPT | the facility files.", no_args_is_help=True)

_ZONE = "Asia/Jakarta"
Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="folder berisi national.toml | the folder of national.toml")
]
AsJson = Annotated[bool, typer.Option("--json")]
All = Annotated[bool, typer.Option("--all", help="sebutkan setiap UPT | name every facility")]
Digest = Annotated[str | None, typer.Option("--plan", metavar="DIGEST", help="hanya rencana ini | only this plan")]


@app.command("plan")
def plan(folder: Folder, as_json: AsJson = False, everything: All = False) -> None:
    """Shows what would change, where and from when; exit code 1 for mistakes and for what stands against it."""
    declared = _load(folder, as_json=as_json)
    with opened() as here, here.database.work(here.database.as_service(whoami())) as work:
        planned = plan_files(work, here.host, declared)
    _show(planned, as_json=as_json, everything=everything, then=f"guyub facilities apply {folder}")


@app.command("apply")
def apply(folder: Folder, digest: Digest = None, as_json: AsJson = False, everything: All = False) -> None:
    """Makes the installation what the files say: all of it or nothing. Again, and nothing changes."""
    declared = _load(folder, as_json=as_json)
    with opened(say=say) as here, here.database.work(here.database.as_service(whoami())) as work:
        done = apply_files(work, here.host, declared, digest)
    _done(done, as_json=as_json, everything=everything)


@app.command("export")
def export(folder: Folder, as_json: AsJson = False) -> None:
    """Writes the files of what is recorded into a folder; comments and order of files that are there stay."""
    with opened() as here, here.database.work(here.database.as_service(whoami())) as work:
        done = export_files(work, here.host, folder)
        schemas = write_schemas(folder, here.host)
    written = [*done.written, *schemas]
    if as_json:
        print_json(
            {
                "files": done.count,
                "written": [str(path) for path in written],
                "managed_by_web": list(done.by_web),
                "left_out": [{"place": one.place, "what": one.what, "secret": one.is_secret} for one in done.left_out],
            }
        )
    else:
        _say_exported(done, written)


@app.command("schema")
def schema(folder: Folder) -> None:
    """Writes the JSON schemas by which editors complete and check the files; no server is needed."""
    for path in write_schemas(folder, PluginHost()):
        print(path)


@app.command("history")
def history(
    as_json: AsJson = False, region: Annotated[str, typer.Option(help="kode wilayah | code of a region")] = ""
) -> None:
    """The plans that were applied, by files and through the web, the latest first."""
    with opened() as here, here.database.work(here.database.as_service(whoami())) as work:
        found = applied(work, region)
    if as_json:
        print_json(
            [
                {
                    "id": one.id, "digest": one.digest, "when": one.when.isoformat(), "who": one.who, "door": one.door,
                    "reason": one.reason, "changes": [change.as_json() for change in one.changes],
                    "reverts": one.reverts, "reverted_by": one.reverted_by,
                }
                for one in found
            ]
        )  # fmt: skip
        return
    rows = [
        [one.id, format_moment(one.when, _ZONE), one.who, one.door, str(one.size), one.reason,
         "dibatalkan | taken back" if one.reverted_by else ""]
        for one in found
    ]  # fmt: skip
    print_table(["id", "kapan | when", "oleh | by", "pintu | door", "n", "alasan | reason", ""], rows)


@app.command("revert")
def revert(
    applied_id: Annotated[str, typer.Argument(metavar="ID", help="dari history | from history")],
    digest: Digest = None,
    as_json: AsJson = False,
    everything: All = False,
) -> None:
    """Takes an applied plan back: shows what would change, and with --plan DIGEST does it. Nothing is ever deleted."""
    with opened(say=say) as here, here.database.work(here.database.as_service(whoami())) as work:
        back = (
            plan_revert(work, here.host, applied_id)
            if digest is None
            else take_back(work, here.host, applied_id, digest)
        )
    if digest is None:
        _show(back, as_json=as_json, everything=everything, then=f"guyub facilities revert {applied_id}")
    else:
        _done(back, as_json=as_json, everything=everything)


def _load(folder: Path, *, as_json: bool = False) -> Declared:
    """Without a server: mistakes are told at once."""
    try:
        return load(folder, PluginHost())
    except FilesRefused as refused:
        if as_json:
            print_json({"mistakes": [mistake.as_json() for mistake in refused.mistakes]})
        else:
            count = len(refused.mistakes)
            for mistake in refused.mistakes:
                print(f"{mistake.in_('id')}\n    {mistake.sentence.en}", file=sys.stderr)
            print(
                f"{count} kesalahan; tidak ada yang diterapkan. | {count} mistakes; nothing was applied.",
                file=sys.stderr,
            )
        raise typer.Exit(1) from refused


def _show(planned: Plan, *, as_json: bool, everything: bool, then: str) -> None:
    if as_json:
        print_json(plan_words.as_json(planned))
    else:
        print(plan_words.page(planned, everything=everything))
        if planned.changes and not planned.is_blocked:
            print(f"\n{then} --plan {planned.digest}")
    if planned.is_blocked:
        raise typer.Exit(1)


def _done(done: Plan, *, as_json: bool, everything: bool) -> None:
    if as_json:
        print_json({"id": done.id, **plan_words.as_json(done)})
        return
    print(plan_words.page(done, everything=everything))
    if done.changes:
        print(f"\nUntuk membatalkan | to take it back: guyub facilities revert {done.id}")
        print("Sudah diterapkan. | Applied.")


def _say_exported(done: Exported, written: list[Path]) -> None:
    for path in written:
        print(path)
    print(f"{len(written)} berkas ditulis dari {done.count} | {len(written)} files written of {done.count}")
    if done.by_web:
        print(f"Dikelola melalui web | managed through the web: {', '.join(done.by_web)}")
    for one in done.left_out:
        why = "rahasia | a secret" if one.is_secret else "plugin tidak terpasang | plugin not installed"
        print(f"Tidak ditulis | not written: {one.place or 'national'} {one.what} ({why})")
    print("Nilai sebelum tanggal “from” tersimpan dalam riwayat | values before “from” stay in the history.")
