"""For the author of a plugin: ``guyub plugin new`` writes one, ``guyub plugin check`` says where it breaks a rule."""

from pathlib import Path
from typing import Annotated

import typer

from guyub.cli.output import print_json, say
from guyub.sdk.text import Text

REFUSED = 1


def new(
    name: Annotated[str, typer.Argument(help="Slug, misalnya uang_sekolah | the slug, for example uang_sekolah.")],
    program: Annotated[
        bool, typer.Option("--program", help="Jenis program (bawaan) | a programme type (default).")
    ] = False,
    funding: Annotated[bool, typer.Option("--funding", help="Sumber dana | a funding source.")] = False,
) -> None:
    """Writes a complete, tested plugin into the folder NAME: distribution guyub-NAME, module guyub_NAME."""
    from guyub.scaffold import names_of, write

    if program and funding:
        raise typer.BadParameter("--program atau --funding, bukan keduanya | --program or --funding, not both")
    names = names_of(name)
    folder = Path(name)
    for path in write(names, "funding" if funding else "program", folder):
        print(path)
    say(
        Text(
            id="Plugin {slug} siap. Berikutnya: pip install -e {folder} && pytest {folder} && guyub plugin check {folder}",
            en="Plugin {slug} is ready. Next: pip install -e {folder} && pytest {folder} && guyub plugin check {folder}",
        ).format(slug=names.slug, folder=folder)
    )


def check(
    which: Annotated[
        str, typer.Argument(help="Slug plugin terpasang, atau foldernya | slug of an installed plugin, or its folder.")
    ] = ".",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Runs the rules of conformance; exit code 1 when something is found."""
    from guyub.testing.conformance import check as findings_of

    base = Path.cwd()
    found = findings_of(which)
    if as_json:
        print_json(
            [
                {
                    "path": finding.path_from(base),
                    "line": finding.place.line,
                    "rule": finding.rule,
                    "sentence": finding.sentence,
                    "fix": finding.fix,
                }
                for finding in found
            ]
        )
    else:
        for finding in found:
            print(finding.line(base))
    if found:
        raise typer.Exit(REFUSED)
    if not as_json:
        say(Text(id="{which}: sesuai dengan semua aturan.", en="{which}: conforms to every rule.").format(which=which))
