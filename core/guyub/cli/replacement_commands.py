"""``guyub cycle replace``: a reserve takes the place of a listed household, proposed by staff and confirmed by the approver."""

from typing import Annotated
from uuid import UUID

import typer

from guyub.cli import cycle_commands
from guyub.cli.cycle_commands import Actor, Code, FacilityOption, OfProgram
from guyub.cli.output import beside
from guyub.programs import replacements
from guyub.programs.replacements import ReplacementLine
from guyub.sdk.quantities import format_quantity
from guyub.sdk.text import Text

app = typer.Typer(help="Penggantian oleh cadangan | replacements by reserves.", no_args_is_help=True)

Which = Annotated[
    UUID, typer.Option("--id", help="dari `guyub cycle replace list` | as `guyub cycle replace list` shows it")
]

_NEXT = Text(
    id="nomor {number}: cadangan berikutnya berskor {score}", en="number {number}: the next reserve scores {score}"
)
_LINE = Text(
    id="nomor {number}, cadangan berskor {score}: {state}", en="number {number}, a reserve that scores {score}: {state}"
)
_STATES = {
    None: Text(id="menunggu pengesahan", en="waits for the approver"),
    True: Text(id="disahkan", en="confirmed"),
    False: Text(id="tidak jadi", en="declined"),
}
_PROPOSED = Text(id="penggantian nomor {number} diusulkan", en="the replacement of number {number} is proposed")
_CONFIRMED = Text(id="penggantian disahkan", en="the replacement is confirmed")
_DECLINED = Text(id="penggantian tidak jadi", en="the replacement is declined")


@app.command("list")
def show(facility: FacilityOption, code: Code, actor: Actor, program: OfProgram = None) -> None:
    """Lists the replacements of a month, those that wait first; without names, which stay off terminals and their logs."""
    with cycle_commands.on_behalf(actor, facility) as (_, work, _):
        work.require("programs.read")
        cycle = cycle_commands.asked_cycle(work, code, program)
        for line in replacements.of_cycle(work, cycle):
            print(f"{line.id} {beside(_described(line))}")


@app.command("propose")
def propose(
    facility: FacilityOption,
    code: Code,
    actor: Actor,
    number: Annotated[int, typer.Option(help="nomor pada daftar | the place on the list")],
    reason: Annotated[str, typer.Option(help="alasan | why the household cannot receive")],
    program: OfProgram = None,
) -> None:
    """Proposes that the next reserve takes a place of the list."""
    with cycle_commands.on_behalf(actor, facility) as (_, work, _):
        cycle = cycle_commands.asked_cycle(work, code, program)
        reserve = replacements.propose_at(work, cycle, number, reason)
        score = format_quantity(round(reserve.score, 1))
        print(beside(_NEXT.format(number=number, score=score)))
    print(f"{cycle.plugin} {cycle.code}: {beside(_PROPOSED.format(number=number))}")


@app.command("confirm")
def confirm(facility: FacilityOption, code: Code, actor: Actor, which: Which, program: OfProgram = None) -> None:
    """Confirms a replacement: the reserve stands on the list, in that place."""
    _decide(facility, code, actor, which, program, confirmed=True)


@app.command("decline")
def decline(facility: FacilityOption, code: Code, actor: Actor, which: Which, program: OfProgram = None) -> None:
    """Declines a replacement: the list stays as it is."""
    _decide(facility, code, actor, which, program, confirmed=False)


def _decide(facility: str, code: str, actor: str, which: UUID, program: str | None, *, confirmed: bool) -> None:
    with cycle_commands.on_behalf(actor, facility) as (_, work, _):
        cycle = cycle_commands.asked_cycle(work, code, program)
        replacements.decide(work, cycle, which, confirmed=confirmed)
    print(f"{cycle.plugin} {cycle.code}: {beside(_CONFIRMED if confirmed else _DECLINED)}")


def _described(line: ReplacementLine) -> Text:
    score = format_quantity(round(line.score, 1))
    return _LINE.format(number=line.number, score=score, state=_STATES[line.confirmed])
