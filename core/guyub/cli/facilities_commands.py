"""``guyub facilities``: what the files of a folder would change, and changing it."""

import sys
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from guyub.cli.opening import opened, whoami
from guyub.cli.output import print_json, say
from guyub.host.plugin_host import PluginHost
from guyub.provisioning import Change, Plan, load
from guyub.provisioning import apply as apply_files
from guyub.provisioning import plan as plan_files
from guyub.provisioning.declared import Declared
from guyub.provisioning.mistakes import FilesRefused
from guyub.sdk.money import group
from guyub.sdk.words import format_date

app = typer.Typer(help="Berkas UPT | the facility files.", no_args_is_help=True)

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="folder berisi national.toml | the folder of national.toml")
]


@app.command("plan")
def plan(folder: Folder, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Shows what would change, where and from when; exit code 1 for mistakes and for what stands against it."""
    declared = _load(folder, as_json=as_json)
    with opened() as here, here.database.work(here.database.as_service(whoami())) as work:
        planned = plan_files(work, here.host, declared)
    if as_json:
        print_json(
            {
                "digest": planned.digest,
                "changes": [change.as_json() for change in planned.changes],
                "findings": [finding.as_json() for finding in planned.findings],
            }
        )
    else:
        _print(planned, declared)
        if planned.changes and not planned.is_blocked:
            print(f"\nguyub facilities apply {folder} --plan {planned.digest}")
    if planned.is_blocked:
        raise typer.Exit(1)


@app.command("apply")
def apply(
    folder: Folder,
    digest: Annotated[
        str | None, typer.Option("--plan", metavar="DIGEST", help="hanya rencana ini | only this plan")
    ] = None,
) -> None:
    """Makes the installation what the files say: all of it or nothing. Again, and nothing changes."""
    declared = _load(folder)
    with opened(say=say) as here, here.database.work(here.database.as_service(whoami())) as work:
        done = apply_files(work, here.host, declared, digest)
    _print(done, declared)
    if done.changes:
        print("\nSudah diterapkan. | Applied.")


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


def _print(planned: Plan, declared: Declared) -> None:
    count = len(planned.changes)
    print(f"{count} perubahan | {count} changes" if count else "Tidak ada perubahan. | Nothing would change.")
    ordered = sorted(planned.changes, key=lambda one: (one.region, one.facility))
    for (region, facility), changes in groupby(ordered, key=lambda one: (one.region, one.facility)):
        print(f"\n{_heading(declared, region, facility)}")
        for change in changes:
            print(f"  {_line(change)}")
    if planned.findings:
        print("\nPerlu diperhatikan | worth attention")
    for finding in planned.findings:
        place = f"{finding.place}: " if finding.place else ""
        print(f"  {'✗' if finding.is_blocking else '•'} {place}{finding.sentence.id}\n    {finding.sentence.en}")


def _heading(declared: Declared, region: str, facility: str) -> str:
    if facility:
        return f"{declared.facilities[facility].name} ({facility})"
    return f"{declared.regions[region].office_name} ({region})" if region else "Nasional | National"


def _line(change: Change) -> str:
    new = _shown(change.new)
    values = new if change.old is None else f"{_shown(change.old)} → {new}"
    since = f", sejak {format_date(change.valid_from)}" if change.valid_from else ""
    return f"{change.what}: {values}{since}"


def _shown(value: Any) -> str:
    if value is None:
        return "warisan | inherited"
    if isinstance(value, bool):
        return "ya | yes" if value else "tidak | no"
    if isinstance(value, int):
        return group(value)
    if isinstance(value, Mapping):
        if "titles" in value:
            return f"{value['titles']['default']['id']} ({', '.join(value['permissions'])})"
        named = [str(value[key]) for key in ("title", "name", "label") if value.get(key)]
        return " ".join(named) or ", ".join(f"{key} {_shown(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_shown(one) for one in value)
    return str(value)
