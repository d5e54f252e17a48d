"""``guyub facilities``: what files would change, changing it, taking it back, and writing the files of what is recorded."""

import sys
import textwrap
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from guyub.cli import plan_text
from guyub.cli.output import beside, print_json, say
from guyub.configuration.assembly import plugin_registry
from guyub.configuration.plan import Plan
from guyub.configuration.plan_history import AppliedPlan, applied
from guyub.configuration.revert import plan_revert
from guyub.configuration.revert import revert as take_back
from guyub.operations.context import AppContext, open_app, whoami
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning import apply as apply_files
from guyub.provisioning import load
from guyub.provisioning import plan as plan_files
from guyub.provisioning.desired import DesiredState
from guyub.provisioning.diagnostics import FilesRefused
from guyub.provisioning.export import Exported
from guyub.provisioning.export import export as export_files
from guyub.provisioning.json_schema import KINDS, write_schemas
from guyub.sdk.errors import Refusal
from guyub.sdk.words import format_moment

app = typer.Typer(help="Berkas UPT | the facility files.", no_args_is_help=True)

_ZONE = "Asia/Jakarta"
_WIDTH = 80
_DOORS = {"files": "berkas | files", "web": "web"}
Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="folder berisi national.toml | the folder of national.toml")
]
AsJson = Annotated[bool, typer.Option("--json")]
All = Annotated[bool, typer.Option("--all", help="sebutkan setiap UPT | name every facility")]
OnlyRegion = Annotated[
    str, typer.Option("--region", metavar="CODE", help="hanya folder wilayah ini | only the folder of this region")
]
Digest = Annotated[str | None, typer.Option("--plan", metavar="DIGEST", help="hanya rencana ini | only this plan")]


@app.command("plan")
def plan(folder: Folder, region: OnlyRegion = "", as_json: AsJson = False, everything: All = False) -> None:
    """Shows what would change, where and from when; exit code 1 for findings and for what blocks it."""
    with _refusals(as_json):
        declared = _load(folder, region, as_json=as_json)
        with open_app() as here, here.database.work(here.database.as_service(whoami())) as work:
            planned = plan_files(work, here.plugins, declared)
    _show(planned, here.plugins, as_json=as_json, everything=everything, then=_apply_of(folder, region))


@app.command("apply")
def apply(
    folder: Folder,
    region: OnlyRegion = "",
    digest: Digest = None,
    as_json: AsJson = False,
    everything: All = False,
) -> None:
    """Makes the installation what the files say: all of it or nothing. Again, and nothing changes."""
    with _refusals(as_json):
        declared = _load(folder, region, as_json=as_json)
        with _opened(as_json) as here, here.database.work(here.database.as_service(whoami())) as work:
            done = apply_files(work, here.plugins, declared, digest)
    _done(done, here.plugins, as_json=as_json, everything=everything)


@app.command("export")
def export(folder: Folder, as_json: AsJson = False) -> None:
    """Writes the files of what is recorded into a folder; comments and order of files that are there stay."""
    with _refusals(as_json), open_app() as here, here.database.work(here.database.as_service(whoami())) as work:
        done = export_files(work, here.plugins, folder)
        schemas = write_schemas(folder, here.plugins)
    written = [*done.written, *schemas]
    if as_json:
        print_json(
            {
                "files": done.count,
                "written": [str(path) for path in written],
                "moved": [{"from": str(old), "to": str(new)} for old, new in done.moved],
                "managed_by_web": list(done.by_web),
                "left_out": [
                    {
                        "place": left_out.place,
                        "what": left_out.what,
                        "secret": left_out.is_secret,
                        "id": left_out.why.id,
                        "en": left_out.why.en,
                    }
                    for left_out in done.left_out
                ],
            }
        )
    else:
        _say_exported(done, written)


@app.command("schema")
def schema(folder: Folder) -> None:
    """Writes the JSON schemas by which editors complete and check the files; no server is needed."""
    for path in write_schemas(folder, plugin_registry()):
        print(path)


@app.command("history")
def history(
    as_json: AsJson = False, region: Annotated[str, typer.Option(help="kode wilayah | code of a region")] = ""
) -> None:
    """Lists the plans that were applied, by files and through the web, the latest first."""
    with open_app() as here, here.database.work(here.database.as_service(whoami())) as work:
        plans = applied(work, region)
    if as_json:
        print_json(
            [
                {
                    "id": applied_plan.id,
                    "digest": applied_plan.digest,
                    "when": applied_plan.when.isoformat(),
                    "who": applied_plan.who,
                    "door": applied_plan.door,
                    "reason": applied_plan.reason,
                    "changes": [change.as_json() for change in applied_plan.changes],
                    "reverts": applied_plan.reverts,
                    "reverted_by": applied_plan.reverted_by,
                }
                for applied_plan in plans
            ]
        )
        return
    for applied_plan in plans:
        _say_applied(applied_plan)


@app.command("revert")
def revert(
    applied_id: Annotated[str, typer.Argument(metavar="ID", help="dari history | from history")],
    digest: Digest = None,
    reason: Annotated[str, typer.Option(help="alasan, disimpan bersamanya | why, kept with it")] = "",
    as_json: AsJson = False,
    everything: All = False,
) -> None:
    """Takes an applied plan back: shows what would change, and with --plan DIGEST does it. Nothing is ever deleted."""
    with (
        _refusals(as_json),
        _opened(as_json) as here,
        here.database.work(here.database.as_service(whoami())) as work,
    ):
        back = (
            plan_revert(work, here.plugins, applied_id)
            if digest is None
            else take_back(work, here.plugins, applied_id, digest, reason=reason)
        )
    if digest is None:
        _show(back, here.plugins, as_json=as_json, everything=everything, then=f"guyub facilities revert {applied_id}")
    else:
        _done(back, here.plugins, as_json=as_json, everything=everything)


@contextmanager
def _refusals(as_json: bool) -> Iterator[None]:
    """Prints a refusal as JSON as well for who asked for JSON, beside the sentence on the other channel."""
    try:
        yield
    except FilesRefused:
        raise
    except Refusal as refusal:
        if as_json:
            what, remedy = refusal.what, refusal.remedy
            print_json(
                {"error": {"code": refusal.code, "id": f"{what.id} {remedy.id}", "en": f"{what.en} {remedy.en}"}}
            )
        raise


def _opened(as_json: bool) -> AbstractContextManager[AppContext]:
    """Progress is printed, but not among the JSON."""
    return open_app() if as_json else open_app(say=say)


def _apply_of(folder: Path, region: str) -> str:
    return f"guyub facilities apply {folder}{f' --region {region}' if region else ''}"


def _load(folder: Path, region: str = "", *, as_json: bool = False) -> DesiredState:
    """Needs no server: findings are printed at once."""
    try:
        return load(folder, plugin_registry(), region)
    except FilesRefused as refused:
        if as_json:
            print_json({"mistakes": [finding.as_json() for finding in refused.findings]})
        else:
            for finding in refused.findings:
                print(f"{finding.in_('id')}\n    {finding.sentence.en}", file=sys.stderr)
            many = len(refused.findings)
            english = plan_text.count(many, "finding", "findings")
            print(f"{many} kesalahan; tidak ada yang diterapkan. | {english}; nothing was applied.", file=sys.stderr)
        raise typer.Exit(1) from refused


def _show(planned: Plan, plugins: PluginRegistry, *, as_json: bool, everything: bool, then: str) -> None:
    if as_json:
        print_json(plan_text.as_json(planned))
    else:
        print(plan_text.page(planned, plugins, everything=everything))
        if planned.changes and not planned.is_blocked:
            print(f"\n{then} --plan {planned.digest}")
    if planned.is_blocked:
        raise typer.Exit(1)


def _done(done: Plan, plugins: PluginRegistry, *, as_json: bool, everything: bool) -> None:
    if as_json:
        print_json({"id": done.id, **plan_text.as_json(done)})
        return
    print(plan_text.page(done, plugins, everything=everything))
    if done.changes:
        print(f"\nUntuk membatalkan | to take it back: guyub facilities revert {done.id}")
        print("Sudah diterapkan. | Applied.")


def _say_exported(done: Exported, written: list[Path]) -> None:
    for path in written:
        print(path)
    for old, new in done.moved:
        print(f"Dipindahkan | moved: {old} → {new}")
    english = plan_text.count(len(written), "file", "files")
    print(
        f"{len(written)} berkas ditulis dari {done.count + len(KINDS)} | {english} written of {done.count + len(KINDS)}"
    )
    if done.by_web:
        print(f"Dikelola melalui web | managed through the web: {', '.join(done.by_web)}")
    for left_out in done.left_out:
        print(f"Tidak ditulis | not written: {left_out.place or 'national'} {left_out.what} ({beside(left_out.why)})")
    print("Nilai sebelum tanggal “from” tersimpan dalam riwayat | values before “from” stay in the history.")


def _say_applied(applied: AppliedPlan) -> None:
    """Prints what was applied: an id on a line of its own, to be copied; the rest within the width of a plain terminal."""
    changes = f"{applied.size} perubahan | {plan_text.count(applied.size, 'change', 'changes')}"
    lines = [
        f"{format_moment(applied.when, _ZONE)} · {applied.who}",
        f"{_DOORS[applied.door]} · {changes}",
        applied.reason,
    ]
    lines.append(f"membatalkan | takes back {applied.reverts}" if applied.reverts else "")
    lines.append(f"dibatalkan oleh | taken back by {applied.reverted_by}" if applied.reverted_by else "")
    print(applied.id)
    for line in filter(None, lines):
        print(textwrap.fill(line, _WIDTH, initial_indent="    ", subsequent_indent="    "))
