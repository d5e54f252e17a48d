"""``guyub events``: what happened and did not reach a plugin yet, and another set of attempts for what is parked."""

from typing import Annotated
from uuid import UUID

import typer

from guyub.cli.output import print_json, print_table
from guyub.jobs import outbox
from guyub.jobs.outbox import Delivery
from guyub.operations.context import CAPITAL, connect, whoami
from guyub.sdk.words import format_moment

app = typer.Typer(help="Peristiwa bagi plugin | events for plugins.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json")]
STATES = {"parked": "tertahan | parked", "waiting": "menunggu | waiting", "done": "terkirim | delivered"}


@app.callback()
def group() -> None:
    pass


@app.command("list")
def list_events(
    parked: Annotated[bool, typer.Option("--parked", help="yang tertahan saja | only what is parked")] = False,
    every: Annotated[bool, typer.Option("--all", help="juga yang sudah terkirim | what was delivered too")] = False,
    facility: Annotated[str, typer.Option(help="kode UPT | facility code")] = "",
    as_json: AsJson = False,
) -> None:
    """Lists the deliveries that wait or are parked, oldest first, with their attempts and the last error."""
    if parked and every:
        raise typer.BadParameter("--parked atau --all | --parked or --all", param_hint="--parked")
    states = {"parked"} if parked else {"parked", "waiting", "done"} if every else {"parked", "waiting"}
    with connect() as (_, database), database.work(database.as_service(whoami())) as work:
        deliveries = outbox.deliveries(work, states, facility)
    if as_json:
        print_json([_as_json(delivery) for delivery in deliveries])
        return
    print_table(
        (
            "id",
            "peristiwa | event",
            "plugin",
            "UPT | facility",
            "keadaan | state",
            "percobaan | attempts",
            "kesalahan | error",
            "sejak | since",
        ),
        [
            (
                str(delivery.event_id),
                f"{delivery.kind} {delivery.subject}",
                delivery.plugin,
                delivery.facility,
                STATES[delivery.state],
                str(delivery.attempts),
                delivery.last_error or "–",
                format_moment(delivery.since, CAPITAL),
            )
            for delivery in deliveries
        ],
    )


@app.command("retry")
def retry(
    ids: Annotated[list[UUID] | None, typer.Argument(metavar="[ID]...", help="id dari | from: events list")] = None,
    plugin: Annotated[str, typer.Option(help="semua milik plugin ini | all of this plugin")] = "",
    every: Annotated[bool, typer.Option("--all", help="semua yang tertahan | all that are parked")] = False,
    as_json: AsJson = False,
) -> None:
    """Gives what is parked a new set of attempts, which the worker begins at once; exit code 1 when nothing is parked."""
    if [bool(ids), bool(plugin), every].count(True) != 1:
        raise typer.BadParameter(
            "sebutkan ID, --plugin SLUG atau --all, salah satu | name IDs, --plugin SLUG or --all, one of them"
        )
    with connect() as (_, database), database.work(database.as_service(whoami())) as work:
        again = outbox.deliver_again(work, events=ids or None, plugin=plugin or None)
    count = sum(map(len, again.values()))
    if as_json:
        print_json({"retried": count, "events": sorted({event for events in again.values() for event in events})})
        return
    print(f"{count} kiriman dicoba lagi oleh worker | {count} deliveries are tried again by the worker")


def _as_json(delivery: Delivery) -> dict[str, object]:
    return {
        "id": delivery.event_id,
        "event": delivery.kind,
        "subject": delivery.subject,
        "on": delivery.on,
        "plugin": delivery.plugin,
        "facility": delivery.facility,
        "state": delivery.state,
        "parked": delivery.state == "parked",
        "attempts": delivery.attempts,
        "last_error": delivery.last_error or None,
        "error_code": delivery.error_code or None,
        "since": delivery.since.isoformat(),
    }
