"""``guyub user``: people, made by whoever runs the installation; the first one cannot be made otherwise."""

import sys
from datetime import date
from typing import Annotated

import typer

from guyub.access import people
from guyub.cli.opening import opened, whoami

app = typer.Typer(help="Pengguna | people.", no_args_is_help=True)


@app.callback()
def group() -> None:
    pass


@app.command("create")
def create(
    login: Annotated[str, typer.Argument(help="nama pengguna | user name, e.g. budi.santoso")],
    name: Annotated[str, typer.Option(help="nama lengkap | full name")],
    role: Annotated[str, typer.Option(help="peran | role, e.g. head, detainee_services, region_admin")],
    facility: Annotated[str, typer.Option(help="kode UPT | facility code")] = "",
    region: Annotated[str, typer.Option(help="kode wilayah | region code")] = "",
    nip: Annotated[str, typer.Option(help="NIP")] = "",
    since: Annotated[str, typer.Option(help="berlaku sejak | valid from, YYYY-MM-DD; today unless told")] = "",
    acting: Annotated[str, typer.Option(help="Plt. atau Plh. | acting")] = "",
) -> None:
    """Makes a person with a role at a facility or region; the password is asked, or read from a pipe."""
    try:
        from_day = date.fromisoformat(since) if since else date.today()
    except ValueError:
        raise typer.BadParameter("tanggal seperti 2024-11-16 | a date like 2024-11-16", param_hint="--since") from None
    if sys.stdin.isatty():
        password = typer.prompt("Kata sandi | password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    with opened() as here, here.database.work(here.database.as_service(whoami())) as work:
        key = here.database.service_key
        people.create_person(work, key=key, login=login, full_name=name, password=password, nip=nip)
        people.assign_role(
            work, key=key, login=login, role=role, valid_from=from_day, facility=facility, region=region, acting=acting
        )
    print(f"{login}: {role} {facility or region}")
