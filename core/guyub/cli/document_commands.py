"""``guyub documents``: lists, makes and saves the documents of a month, on behalf of the person who is responsible."""

import json
from datetime import datetime
from pathlib import Path
from shutil import copyfileobj
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from guyub.cli.cycle_commands import Actor, Code, FacilityOption, OfProgram, asked_cycle, on_behalf
from guyub.cli.output import beside
from guyub.documents import storage
from guyub.programs import cycle_facts
from guyub.programs.documents import archive, outdated
from guyub.programs.documents import bundle as document_bundle
from guyub.sdk.text import Text
from guyub.ui.typed_values import day_if_any

app = typer.Typer(help="Dokumen satu bulan | documents of a month.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json")]
_NONE = Text(id="belum ada dokumen", en="no documents yet")
_OUTDATED = Text(id="usang, berubah: {what}", en="outdated, changed: {what}")


@app.command("list")
def list_documents(
    facility: FacilityOption, code: Code, actor: Actor, program: OfProgram = None, as_json: AsJson = False
) -> None:
    """Lists the newest of each document, and which are outdated."""
    with on_behalf(actor, facility) as (_, work, _today):
        work.require("documents.read")
        cycle = asked_cycle(work, code, program)
        documents = archive.in_order(storage.newest(work, cycle.id))
        old = outdated.outdated(work, cycle)
    if as_json:
        print(
            json.dumps(
                [document_bundle.described(document, old) for document in documents], indent=1, ensure_ascii=False
            )
        )
        return
    for document in documents:
        changed = (
            f"  ({beside(_OUTDATED.format(what=Text.join(', ', old[document.id])))})" if document.id in old else ""
        )
        print(f"{document.file_name}  {document.stated_on or ''}  {document.number}{changed}")
    if not documents:
        print(beside(_NONE))


@app.command("make")
def make(
    facility: FacilityOption,
    code: Code,
    actor: Actor,
    program: OfProgram = None,
    kind: Annotated[list[str] | None, typer.Option(help="jenis | kind")] = None,
    on: Annotated[str, typer.Option(help="tanggal dokumen | day that they bear")] = "",
) -> None:
    """Makes documents: those of each --kind, or all that the month allows; without --on each bears the day of its act."""
    stated = day_if_any(on, "on")
    with on_behalf(actor, facility) as (_, work, _today):
        cycle = asked_cycle(work, code, program)
        kinds = kind or document_bundle.possible(cycle, cycle_facts.figures(work, cycle).received)
        kept = document_bundle.produce(work, cycle, kinds, stated, datetime.now(ZoneInfo(work.here.zone)))
    for document in kept:
        print(f"{document.file_name}  {document.stated_on}  {document.sha256}")


@app.command("number")
def number(
    facility: FacilityOption,
    code: Code,
    actor: Actor,
    kind: Annotated[str, typer.Option(help="jenis surat | kind of letter")],
    number: Annotated[str, typer.Option(help="nomor dari buku agenda | number of the register")],
    program: OfProgram = None,
    on: Annotated[str, typer.Option(help="tanggal surat | day that it bears")] = "",
) -> None:
    """Records the number that the office gave to a letter, which is made anew with it: in full, or its running number alone."""
    stated = day_if_any(on, "on")
    with on_behalf(actor, facility) as (_, work, _today):
        cycle = asked_cycle(work, code, program)
        now = datetime.now(ZoneInfo(work.here.zone))
        kept = document_bundle.record_numbers(work, cycle, {kind: number}, now, stated)
    for document in kept:
        print(f"{document.file_name}  {document.stated_on}  {document.number}")


@app.command("zip")
def save(
    facility: FacilityOption,
    code: Code,
    actor: Actor,
    out: Annotated[Path, typer.Option(help="berkas ZIP | ZIP file")],
    program: OfProgram = None,
) -> None:
    """Saves the newest of each document that the person may see as one ZIP."""
    with on_behalf(actor, facility) as (_, work, _today):
        _, content = archive.zip_of(work, asked_cycle(work, code, program))
        with content, out.open("wb") as target:
            copyfileobj(content, target)
    print(out)
