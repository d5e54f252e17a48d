"""``guyub db``: the schema of the database."""

from collections.abc import Sequence
from typing import Annotated

import typer

from guyub.cli.output import print_json, say
from guyub.db.schema_state import SchemaState, schema_state
from guyub.operations.context import bring_up_to_date, reach_database
from guyub.sdk.text import Text

_MOST = 20

app = typer.Typer(help="Basis data | the database.", no_args_is_help=True)


@app.command("upgrade")
def upgrade() -> None:
    """Brings roles and schema up to date; calling it again changes nothing."""
    with reach_database(say=say) as context:
        bring_up_to_date(context.installation, say)
        say(Text(id="Skema sudah mutakhir.", en="The schema is up to date."))


@app.command("status")
def status(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Tells whether schema and keys are what this version expects, and what is not; exit code 1 when something is not."""
    with reach_database(say=lambda _: None) as context:
        state = schema_state(context.installation)
        problems = _first(state.problems)
        url = context.installation.admin_url
        database = f"{url.host}:{url.port}/{url.database}"
        if as_json:
            print_json(
                {
                    "current": state.refusal is None,
                    "revision": state.revision,
                    "schema": state.schema,
                    "problems": [problem.en for problem in problems],
                    "problems_id": [problem.id for problem in problems],
                    "remedy": state.refusal.remedy.en if state.refusal else None,
                    "remedy_id": state.refusal.remedy.id if state.refusal else None,
                    "embedded": context.is_embedded,
                    "home": str(context.home.path),
                    "database": database,
                }
            )
        else:
            _print_state(str(context.home.path) if context.is_embedded else database, state)
    if state.refusal is not None:
        raise typer.Exit(1)


def _print_state(place: str, state: SchemaState) -> None:
    if state.refusal is None:
        print(f"{place}: mutakhir | up to date")
        return
    if state.upgrade_helps:
        print(f"{place}: perlu guyub db upgrade | needs guyub db upgrade")
    else:
        print(f"{place}: tidak dapat dipakai | cannot be used")
    for problem in _first(state.problems):
        print(f"  - {problem.id} | {problem.en}")
    print(f"{state.refusal.remedy.id}\n{state.refusal.remedy.en}")


def _first(problems: Sequence[Text]) -> Sequence[Text]:
    """Returns the first problems: a database of another version differs in hundreds of objects, and the first ones show
    what it is."""
    if (more := len(problems) - _MOST) <= 0:
        return problems
    return [*problems[:_MOST], Text(id="dan {more} lainnya", en="and {more} more").format(more=more)]
