"""Commands for the author of a plugin: ``guyub plugin new`` writes one, ``guyub plugin check`` says where it breaks a rule."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from guyub.cli.output import print_json, say
from guyub.sdk.text import Text

if TYPE_CHECKING:
    from guyub.testing.finding import RuleFinding

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
    seconds: Annotated[
        float, typer.Option(min=1, max=3600, help="Batas waktu tiap aturan, detik | time limit of each rule, seconds.")
    ] = 60,
) -> None:
    """Runs the rules of conformance in a process of its own; exit code 1 when something is found."""
    from guyub.testing.separate_check import check_separately

    base = Path.cwd()
    result = check_separately(which, seconds)
    if as_json:
        print_json(
            [_as_json(finding, base) for finding in result.findings]
            + [{**_as_json(item.finding, base), "exempted": item.reason} for item in result.exempted]
        )
    else:
        for finding in result.findings:
            print(finding.line(base))
        for item in result.exempted:
            print(f"{item.finding.line(base)} (dikecualikan | exempted: {item.reason})")
    if result.findings:
        raise typer.Exit(REFUSED)
    if not as_json:
        say(_conforms(which, sorted({item.finding.rule for item in result.exempted})))


def _as_json(finding: "RuleFinding", base: Path) -> dict[str, object]:
    return {
        "path": finding.path_from(base),
        "line": finding.place.line,
        "rule": finding.rule,
        "sentence": finding.sentence,
        "fix": finding.fix,
    }


def _conforms(which: str, exempt: list[str]) -> Text:
    if not exempt:
        return Text(id="{which}: sesuai dengan semua aturan.", en="{which}: conforms to every rule.").format(
            which=which
        )
    return Text(
        id="{which}: sesuai dengan semua aturan kecuali yang dikecualikan ({rules}).",
        en="{which}: conforms to every rule but those exempted ({rules}).",
    ).format(which=which, rules=", ".join(exempt))
