"""``guyub user``: people, made, listed, given roles, reset and ended by whoever runs the installation."""

import sys
from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from guyub.access import accounts as account_service
from guyub.access import held_roles, people
from guyub.access.accounts import Account, HeldRole
from guyub.cli.output import print_json, print_table
from guyub.operations.context import CAPITAL, connect, open_app, whoami
from guyub.sdk.errors import Invalid
from guyub.sdk.words import format_moment
from guyub.ui.typed_values import day_at

app = typer.Typer(help="Pengguna | people.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="nama pengguna | user name, e.g. budi.santoso")]
AsJson = Annotated[bool, typer.Option("--json")]


@app.callback()
def group() -> None:
    pass


@app.command("create")
def create(
    login: Login,
    name: Annotated[str, typer.Option(help="nama lengkap | full name")],
    role: Annotated[str, typer.Option(help="peran | role, e.g. head, detainee_services, region_admin")],
    facility: Annotated[str, typer.Option(help="kode UPT | facility code")] = "",
    region: Annotated[str, typer.Option(help="kode wilayah | region code")] = "",
    nip: Annotated[str, typer.Option(help="NIP")] = "",
    since: Annotated[str, typer.Option(help="berlaku sejak | valid from, YYYY-MM-DD; today if omitted")] = "",
    acting: Annotated[str, typer.Option(help="Plt. atau Plh. | acting")] = "",
) -> None:
    """Makes a person with a role at a facility or region; the password is asked, or read from a pipe."""
    from_day = _day(since, "--since") or date.today()
    _demand_one_place(facility, region)
    if sys.stdin.isatty():
        password = typer.prompt("Kata sandi | password", hide_input=True, confirmation_prompt=True)
    else:
        password = _piped_password()
    with open_app() as here, here.database.work(here.database.as_service(whoami())) as work:
        key = here.database.service_key
        people.create_person(work, key=key, login=login, full_name=name, password=password, nip=nip)
        people.assign_role(
            work, key=key, login=login, role=role, valid_from=from_day, facility=facility, region=region, acting=acting
        )
    print(f"{login}: {role} {facility or region}")


@app.command("list")
def list_accounts(
    facility: Annotated[str, typer.Option(help="kode UPT | facility code")] = "",
    region: Annotated[str, typer.Option(help="kode wilayah | region code")] = "",
    as_json: AsJson = False,
) -> None:
    """Lists accounts with their roles and state: all, or those with a role at a facility or in a region."""
    with connect() as (_, database), database.work(database.as_service(whoami())) as work:
        accounts = account_service.accounts(work, key=database.service_key, facility=facility, region=region)
    if as_json:
        print_json([_as_json(account) for account in accounts])
        return
    print_table(
        ("akun | account", "nama | name", "peran | roles", "keadaan | state", "terakhir masuk | last sign-in"),
        [
            (
                account.login,
                account.full_name,
                "\n".join(_role_line(held) for held in account.roles) or "–",
                _state_line(account),
                format_moment(account.signed_in_at, CAPITAL) if account.signed_in_at else "–",
            )
            for account in accounts
        ],
    )


@app.command("reset")
def reset(
    login: Login,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="kata sandi dari pipa | the password comes from a pipe")
    ] = False,
    generate: Annotated[
        bool, typer.Option("--generate", help="buatkan kata sandi tanpa bertanya | make a password, ask for none")
    ] = False,
    restore: Annotated[
        bool, typer.Option("--restore", help="pulihkan akun yang sudah diakhiri | bring an ended account back")
    ] = False,
    reason: Annotated[str, typer.Option(help="alasan pemulihan | why it is restored")] = "",
    as_json: AsJson = False,
) -> None:
    """Sets a new password, opens an account closed by wrong passwords, and ends its sessions and tokens.

    The password is asked, or read from a pipe; left empty, one is made and printed once.
    """
    if password_stdin and generate:
        raise typer.BadParameter("--password-stdin atau --generate | --password-stdin or --generate")
    if reason and not restore:
        raise typer.BadParameter(
            "--reason dipakai bersama --restore | --reason goes with --restore", param_hint="--reason"
        )
    if restore:
        reason = _asked_reason(reason)
    password = "" if generate else _typed_password()
    made = "" if password or password_stdin else account_service.new_password()
    login = login.strip().lower()
    with connect() as (_, database), database.work(database.as_service(whoami())) as work:
        closed = account_service.reset(
            work,
            key=database.service_key,
            login=login,
            password=made or password,
            restore_reason=reason if restore else None,
        )
    if as_json:
        print_json(
            {
                "login": login,
                "password": made or None,
                "restored": restore,
                "sessions_ended": closed.sessions,
                "tokens_ended": closed.tokens,
            }
        )
        return
    print(f"{login}: kata sandi diganti, {closed.sessions} sesi dan {closed.tokens} token berakhir")
    print(f"{login}: password changed, {closed.sessions} sessions and {closed.tokens} tokens ended")
    if made:
        print(f"kata sandi baru, hanya ditampilkan sekali | new password, shown only once: {made}")


@app.command("end")
def end(
    login: Login,
    reason: Annotated[str, typer.Option(help="alasan, disimpan di jejak audit | why, kept in the audit log")] = "",
    as_json: AsJson = False,
) -> None:
    """Ends an account, its sessions and its tokens at once; what it did and its roles stay on record."""
    reason = _asked_reason(reason)
    login = login.strip().lower()
    with connect() as (_, database), database.work(database.as_service(whoami())) as work:
        closed = account_service.end(work, key=database.service_key, login=login, reason=reason)
    if as_json:
        print_json(
            {
                "login": login,
                "reason": reason.strip(),
                "sessions_ended": closed.sessions,
                "tokens_ended": closed.tokens,
            }
        )
        return
    print(f"{login}: akun diakhiri, {closed.sessions} sesi dan {closed.tokens} token berakhir")
    print(f"{login}: account ended, {closed.sessions} sessions and {closed.tokens} tokens ended")


@app.command("role")
def role(
    login: Login,
    role: Annotated[str, typer.Argument(help="peran | role, e.g. head, detainee_services, region_admin")],
    facility: Annotated[str, typer.Option(help="kode UPT | facility code")] = "",
    region: Annotated[str, typer.Option(help="kode wilayah | region code")] = "",
    since: Annotated[str, typer.Option(help="hari pertama | first day, YYYY-MM-DD; today if omitted")] = "",
    until: Annotated[str, typer.Option(help="hari terakhir | last day; with --take yesterday if omitted")] = "",
    acting: Annotated[str, typer.Option(help="Plt. atau Plh. | acting")] = "",
    take: Annotated[bool, typer.Option("--take", help="cabut perannya | take the role away")] = False,
    reason: Annotated[str, typer.Option(help="alasan, disimpan di jejak audit | why, kept in the audit log")] = "",
    as_json: AsJson = False,
) -> None:
    """Gives a person a role at a facility, region or nationally, from a day on; or takes it with its last day."""
    _demand_one_place(facility, region)
    first_day, last_day = _day(since, "--since"), _day(until, "--until")
    if take and (first_day or acting):
        raise typer.BadParameter("--take memakai --until saja | --take goes with --until alone", param_hint="--take")
    login, reason = login.strip().lower(), _asked_reason(reason)
    if take:
        last_day = last_day or date.today() - timedelta(days=1)
    else:
        first_day = first_day or date.today()
    with connect() as (_, database), database.work(database.as_service(whoami())) as work:
        key = database.service_key
        place = {"login": login, "role": role, "facility": facility, "region": region, "reason": reason}
        if last_day is not None and first_day is None:
            changed = held_roles.take(work, key=key, last_day=last_day, **place) > 0
        else:
            assert first_day is not None
            changed = held_roles.give(work, key=key, since=first_day, until=last_day, acting=acting, **place)
    if as_json:
        days = {"from": first_day, "until": last_day, "taken": take, "changed": changed}
        print_json(place | {"facility": facility or None, "region": region or None, "acting": acting or None} | days)
        return
    where = facility or region or "nasional | national"
    if take:
        print(f"{login}: {role} {where} berakhir {last_day} | ends {last_day}")
    elif changed:
        print(f"{login}: {role} {where} {first_day} – {last_day or '…'}")
    else:
        print(f"{login}: {role} {where} sudah ada sejak {first_day} | is there already from {first_day}")


def _demand_one_place(facility: str, region: str) -> None:
    if facility and region:
        raise typer.BadParameter("--facility atau --region, bukan keduanya | --facility or --region, not both")


def _day(text: str, option: str) -> date | None:
    """Returns the day that was given, None without one."""
    if not text:
        return None
    try:
        return day_at(text, option)
    except Invalid as refusal:
        sentences = " | ".join(f"{refusal.what.in_(lang)} {refusal.remedy.in_(lang)}" for lang in ("id", "en"))
        raise typer.BadParameter(sentences, param_hint=option) from None


def _typed_password() -> str:
    """Returns what was typed twice or came through a pipe; empty where nothing did."""
    if sys.stdin.isatty():
        typed: str = typer.prompt(
            "Kata sandi baru (kosong: dibuatkan) | new password (empty: one is made)",
            default="",
            show_default=False,
            hide_input=True,
            confirmation_prompt=True,
        )
        return typed
    return _piped_password()


def _piped_password() -> str:
    try:
        return sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise typer.BadParameter(
            "kata sandi dari pipa bukan teks UTF-8 | the piped password is no UTF-8 text"
        ) from None


def _asked_reason(reason: str) -> str:
    if reason or not sys.stdin.isatty():
        return reason
    typed: str = typer.prompt("Alasan | reason", default="", show_default=False)
    return typed


def _as_json(account: Account) -> dict[str, object]:
    return {
        "login": account.login,
        "name": account.full_name,
        "nip": account.nip,
        "state": account.state,
        "locked_until": account.locked_until,
        "ended_at": account.ended_at,
        "ended_by": account.ended_by or None,
        "end_reason": account.end_reason or None,
        "last_sign_in": account.signed_in_at,
        "roles": [
            {
                "role": held.role,
                "facility": held.facility or None,
                "region": held.region or None,
                "acting": held.acting or None,
                "from": held.since,
                "until": held.until,
            }
            for held in account.roles
        ],
    }


def _role_line(held: HeldRole) -> str:
    place = held.facility or held.region or "nasional | national"
    return f"{held.acting} {held.role} {place} {held.since} – {held.until or '…'}".strip()


def _state_line(account: Account) -> str:
    if account.locked_until:
        return f"tertutup sampai | locked until {format_moment(account.locked_until, CAPITAL)}"
    if account.ended_at:
        day = account.ended_at.astimezone(ZoneInfo(CAPITAL)).date()
        return f"diakhiri | ended {day}: {account.end_reason}"
    return "aktif | active" if account.active else "diakhiri | ended"
