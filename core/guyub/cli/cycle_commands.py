"""``guyub cycle``: the steps of a month from the command line, each on behalf of the person who is responsible."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from guyub.access import sign_in
from guyub.cli.output import beside
from guyub.db.unit_of_work import SessionCredential, Work
from guyub.operations.context import AppContext, open_app, whoami
from guyub.programs import (
    closing,
    corrections,
    cycle_facts,
    cycles,
    days,
    distribution,
    proposal,
    queries,
    second_approvals,
    selection,
    terms,
    withdrawal,
)
from guyub.programs.coverage import coverage_of
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.programs.labels import NOT_MARKED
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Money, Text
from guyub.ui.parsing import OutsideMonth, parse_month
from guyub.ui.typed_values import day_if_any, unread_month

app = typer.Typer(help="Periode program | cycles.", no_args_is_help=True)

FacilityOption = Annotated[str, typer.Option(help="kode UPT | facility code")]
Period = Annotated[str, typer.Option(help="bulan | month, YYYY-MM")]
Actor = Annotated[str, typer.Option("--as", help="nama pengguna yang bertanggung jawab | login of who is responsible")]
Program = Annotated[str, typer.Option(help="program (plugin)")]
OfProgram = Annotated[
    str | None, typer.Option("--program", help="untuk kode berupa bulan | for a code that is a month")
]


def _code(text: str) -> str:
    """Refuses a month that no book knows for what it is, before anybody signs in."""
    try:
        parse_month(text)
    except OutsideMonth as error:
        raise _no_month(error) from None
    except ValueError:
        pass  # a code may say more than its month
    return text


def _no_month(error: ValueError) -> typer.BadParameter:
    refusal = unread_month(error)
    sentences = " | ".join(f"{refusal.what.in_(lang)} {refusal.remedy.in_(lang)}" for lang in ("id", "en"))
    return typer.BadParameter(sentences, param_hint="--period")


Code = Annotated[
    str,
    typer.Option(
        "--cycle",
        "--period",
        callback=_code,
        help="kode periode | code of the cycle, as `cycle open` and its page show it",
    ),
]


_SCORED = Text(id="{count} keluarga dinilai", en="{count} households scored", en_one="{count} household scored")
_PROPOSED = Text(id="{count} keluarga diusulkan", en="{count} households proposed", en_one="{count} household proposed")
_PROPOSAL = Text(
    id="versi {version}, diusulkan {name}: {count} keluarga, {value}",
    en="version {version}, proposed by {name}: {count} households, {value}",
    en_one="version {version}, proposed by {name}: {count} household, {value}",
)
_APPROVED = Text(
    id="versi {version}, disetujui: {count} keluarga, {value} dicadangkan",
    en="version {version}, approved: {count} households, {value} reserved",
    en_one="version {version}, approved: {count} household, {value} reserved",
)
_CORRECTED = Text(id="versi {version}, selesai", en="version {version}, closed")
_APPROVED_FIRST = Text(
    id="persetujuan pertama tercatat; belum ada yang dicadangkan, menunggu penyetuju kedua (orang lain)",
    en="first approval recorded; nothing is reserved yet, it waits for a second approver (another person)",
)
_FIRST = Text(id="disetujui lebih dahulu oleh {name}", en="approved first by {name}")
_WITHDRAWN = Text(
    id="persetujuan ditarik, {value} kembali ke dananya", en="approval withdrawn, {value} went back to its funds"
)
_TERMS = Text(id="kuota {quota}, satu paket {value}", en="quota {quota}, one package {value}")
_ABSENT = Text(
    id="{count} keluarga ditandai tidak hadir",
    en="{count} households marked absent",
    en_one="{count} household marked absent",
)
_CLOSED = Text(
    id="ditutup, {count} keluarga menerima",
    en="closed, {count} households received",
    en_one="closed, {count} household received",
)


@app.command("open")
def open_month(
    facility: FacilityOption,
    period: Period,
    actor: Actor,
    program: Program = "bansos",
    fund: Annotated[list[str] | None, typer.Option(help="kode dana, berurutan | fund codes, in order")] = None,
    reason: Annotated[
        str, typer.Option(help="alasan membuka bulan di luar jadwal | why a month is opened that is not due")
    ] = "",
) -> None:
    """Opens a month and scores every household; one that is not due by the programme's schedule needs a reason."""
    month = _month(period)
    with on_behalf(actor, facility) as (here, work, _):
        cycle = cycles.open_cycle(work, here.plugins, program, month, fund_codes=fund or (), reason=reason)
        judged = selection.score(work, here.plugins, cycle)
    print(f"{program} {cycle.code}: {beside(_SCORED.format(count=judged))}")


@app.command("terms")
def set_terms(
    facility: FacilityOption,
    code: Code,
    actor: Actor,
    reason: Annotated[str, typer.Option(help="alasan | why quota or package changes")],
    program: OfProgram = None,
    quota: Annotated[int | None, typer.Option(help="kuota baru | the new quota")] = None,
    package: Annotated[
        bool, typer.Option("--package", help="isi bantuan menurut pengaturan sekarang | the package of the settings")
    ] = False,
) -> None:
    """Changes the quota of a planned month, or lets its package follow the present settings, within the locks."""
    with on_behalf(actor, facility) as (here, work, today):
        cycle = asked_cycle(work, code, program)
        wanted = cycle.quota if quota is None else quota
        terms.set_terms(
            work,
            here.plugins,
            cycle,
            today,
            quota=wanted,
            follows_package=package,
            reason=reason,
            version=cycle.version,
        )
        value = sum(line.value for line in cycle_facts.package(work, cycle))
    print(f"{cycle.plugin} {cycle.code}: {beside(_TERMS.format(quota=wanted, value=Money(value)))}")


@app.command("propose")
def propose(
    facility: FacilityOption,
    code: Code,
    actor: Actor,
    program: OfProgram = None,
    on: Annotated[
        str, typer.Option(help="hari usulan; tanpa ini hari ini | day of the proposal, today by default")
    ] = "",
) -> None:
    """Selects the highest scores up to the quota, where nobody is selected yet, and proposes the list."""
    with on_behalf(actor, facility) as (here, work, today):
        cycle = asked_cycle(work, code, program)
        count = selection.selected(work, cycle) or selection.select_top(work, cycle)
        stated = days.demand_day_of_proposal(day_if_any(on, "on") or today, days.of_proposal(work, cycle, today))
        findings = proposal.propose(work, here.plugins, cycle, stated)
    print(f"{cycle.plugin} {cycle.code}: {beside(_PROPOSED.format(count=count))}")
    for finding in findings:
        print(f"{finding.text.id} | {finding.text.en}")


@app.command("approve")
def approve(
    facility: FacilityOption,
    code: Code,
    actor: Actor,
    program: OfProgram = None,
    version: Annotated[
        int | None, typer.Option(help="versi usulan yang dibaca | version of the proposal that was read")
    ] = None,
    on: Annotated[
        str, typer.Option(help="hari persetujuan; tanpa ini hari ini | day of the approval, today by default")
    ] = "",
) -> None:
    """Approves a proposal: reserves money and goods and freezes the list.

    Says what is proposed and in which version. With --version only that version is approved, and refused when another one
    stands; without it a terminal is asked first, and where there is none nothing is approved.
    """
    with on_behalf(actor, facility) as (_, work, _):
        cycle = asked_cycle(work, code, program)
        read = cycle.version if version is None else version
        if cycle.state == "proposed":
            _show(work, cycle)
    if version is None:
        _ask(Text(id="Setujui?", en="Approve?"), read)
    with on_behalf(actor, facility) as (here, work, _):
        now = datetime.now(ZoneInfo(work.here.zone))
        cycle = asked_cycle(work, code, program)
        stated = day_if_any(on, "on") or now.date()
        proposal.demand_approvable(work, cycle, read)
        possible = days.of_approval(work, cycle, coverage_of(work, cycle, now.date()).promises, now.date())
        stated, at = days.moment_of_approval(cycle, stated, now, possible)
        findings = proposal.approve(work, here.plugins, cycle, stated, version=read, at=at)
        waits = cycles.of_code(work, cycle.code).state == "proposed"
    if waits:
        print(f"{cycle.plugin} {cycle.code}: {beside(_APPROVED_FIRST)}")
    else:
        print(f"{cycle.plugin} {cycle.code}: disetujui | approved")
    for finding in findings:
        print(f"{finding.text.id} | {finding.text.en}")


def _ask(question: Text, read: int) -> None:
    """Asks at the terminal; where there is none the version that was read must be named."""
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            f"Tanpa terminal yang dapat ditanya, sebutkan versi yang sudah dibaca: --version {read} untuk yang di atas. | "
            f"Without a terminal to ask at, name the version that was read: --version {read} for what stands above.",
            param_hint="--version",
        )
    typer.confirm(beside(question), abort=True)


def _show(work: Work, cycle: Cycle) -> None:
    """Prints what is proposed, as the approver's page shows it in short; without names, which stay off terminals and
    their logs.
    """
    coverage = coverage_of(work, cycle, datetime.now(ZoneInfo(work.here.zone)).date())
    count = selection.selected(work, cycle)
    proposal_text = _PROPOSAL.format(
        version=cycle.version, name=cycle.proposed_by, count=count, value=Money(coverage.total)
    )
    print(f"{cycle.plugin} {cycle.code}, {beside(proposal_text)}")
    for share in coverage.shares:
        print(f"  {share.fund}: {format_rupiah(share.total)}")
    first = second_approvals.first_approver(work, cycle)
    if first is not None:
        print(f"  {beside(_FIRST.format(name=first.name))}")
        return
    today = datetime.now(ZoneInfo(work.here.zone)).date()
    rule = second_approvals.rule_for(work, cycle, today, coverage.total, [share.fund_id for share in coverage.shares])
    if rule.why:
        print(f"  {beside(rule.sentence)}")


@app.command("withdraw")
def withdraw(
    facility: FacilityOption,
    code: Code,
    actor: Actor,
    reason: Annotated[str, typer.Option(help="alasan | why the approval is withdrawn")],
    program: OfProgram = None,
    version: Annotated[
        int | None, typer.Option(help="versi bulan yang dibaca | version of the month that was read")
    ] = None,
) -> None:
    """Withdraws the approval of a month before the first hand-over: promises go back, the list is planned again.

    Without --version a terminal is asked first, and where there is none nothing is withdrawn.
    """
    with on_behalf(actor, facility) as (_, work, _):
        cycle = asked_cycle(work, code, program)
        read = cycle.version if version is None else version
        if cycle.state in withdrawal.WITHDRAWABLE:
            seen = withdrawal.preview(work, cycle)
            at_stake = _APPROVED.format(version=cycle.version, count=seen.households, value=Money(seen.rupiah))
            print(f"{cycle.plugin} {cycle.code}, {beside(at_stake)}")
    if version is None:
        _ask(Text(id="Tarik persetujuan?", en="Withdraw the approval?"), read)
    with on_behalf(actor, facility) as (_, work, today):
        cycle = asked_cycle(work, code, program)
        rupiah = withdrawal.withdraw(work, cycle, today, reason, version=read)
    print(f"{cycle.plugin} {cycle.code}: {beside(_WITHDRAWN.format(value=Money(rupiah)))}")


@app.command("absent")
def mark_absent(
    facility: FacilityOption,
    code: Code,
    actor: Actor,
    number: Annotated[list[int], typer.Option(help="nomor keluarga pada daftar | number of a household on the list")],
    reason: Annotated[str, typer.Option(help="alasan | why they did not come")],
    program: OfProgram = None,
    on: Annotated[
        str, typer.Option(help="hari tidak hadir; tanpa ini hari ini | day of the absence, today by default")
    ] = "",
) -> None:
    """Marks households of a distribution as absent on a day; who comes later is still served."""
    with on_behalf(actor, facility) as (_, work, today):
        cycle = asked_cycle(work, code, program)
        day = days.demand_day_of_absence(cycle, day_if_any(on, "on") or today, today)
        absent = [place.id for place in queries.recipients_by_number(work, cycle, number)]
        count = distribution.mark_absent(work, cycle, absent, reason, day)
    print(f"{cycle.plugin} {cycle.code}: {beside(_ABSENT.format(count=count))}")
    if count < len(absent):
        print(f"! {beside(NOT_MARKED.format(count=len(absent) - count))}")


@app.command("close")
def close(
    facility: FacilityOption,
    code: Code,
    actor: Actor,
    program: OfProgram = None,
    note: Annotated[str, typer.Option(help="catatan penutup | closing note")] = "",
) -> None:
    """Returns what is left over and closes the month for good."""
    with on_behalf(actor, facility) as (_, work, today):
        cycle = asked_cycle(work, code, program)
        closing.close(work, cycle, today, note)
        served = cycle_facts.figures(work, cycle).received
    print(f"{cycle.plugin} {cycle.code}: {beside(_CLOSED.format(count=served))}")


@app.command("correct")
def correct(
    facility: FacilityOption,
    code: Code,
    actor: Actor,
    reason: Annotated[str, typer.Option(help="alasan | why the closed month is corrected")],
    program: OfProgram = None,
    number: Annotated[
        int | None, typer.Option(help="nomor keluarga pada daftar | number of the household on the list")
    ] = None,
    late: Annotated[
        bool, typer.Option("--late", help="diserahkan menyusul, bukan ditarik | handed over late, not taken back")
    ] = False,
    witness: Annotated[str, typer.Option(help="saksi penyerahan | witness of the hand-over")] = "",
    note: Annotated[str, typer.Option(help="nota yang dibatalkan | note to cancel, NUMBER/YEAR")] = "",
    version: Annotated[
        int | None, typer.Option(help="versi bulan yang dibaca | version of the month that was read")
    ] = None,
) -> None:
    """Corrects a closed month by an entry that names it; the month stays closed.

    With --number a hand-over is taken back, or with --late made today; with --note a note is cancelled of which nothing was
    given away. Without --version a terminal is asked first, and where there is none nothing is corrected.
    """
    if (number is None) == (not note):
        raise typer.BadParameter("--number atau --note | either --number or --note", param_hint="--number")
    noted = _note_of(note) if note else (0, 0)
    with on_behalf(actor, facility) as (_, work, _):
        cycle = asked_cycle(work, code, program)
        read = corrections.version_of(work, cycle) if version is None else version
        print(f"{cycle.plugin} {cycle.code}, {beside(_CORRECTED.format(version=corrections.version_of(work, cycle)))}")
    if version is None:
        _ask(Text(id="Catat koreksi?", en="Record the correction?"), read)
    with on_behalf(actor, facility) as (_, work, today):
        cycle = asked_cycle(work, code, program)
        if note:
            corrections.cancel_note(work, cycle, noted[1], noted[0], today, today, reason, version=read)
        else:
            listed = queries.recipient_by_number(work, cycle, number or 0)
            if late:
                at = datetime.now(ZoneInfo(work.here.zone))
                proof = Proof(witness)
                corrections.hand_over_late(work, cycle, listed.id, at, today, proof, reason, version=read)
            else:
                corrections.take_back(work, cycle, listed.id, today, reason, version=read)
        [made, *_] = corrections.of_cycle(work, cycle)
    print(f"{cycle.plugin} {cycle.code}: {beside(made.what)}")


def _note_of(text: str) -> tuple[int, int]:
    number, _, year = text.partition("/")
    if not (number.isascii() and number.isdigit() and year.isascii() and year.isdigit() and len(number + year) < 14):
        raise typer.BadParameter("NOMOR/TAHUN, misalnya 3/2024 | NUMBER/YEAR, such as 3/2024", param_hint="--note")
    return int(number), int(year)


@contextmanager
def on_behalf(actor: str, facility: str) -> Iterator[tuple[AppContext, Work, date]]:
    """Gives the work of a person at a facility, and its date there. The audit log shows who asked and for whom."""
    with open_app() as here:
        token = sign_in.session_for(here.database, actor, whoami())
        try:
            with here.database.work(SessionCredential(token, facility)) as work:
                yield here, work, datetime.now(ZoneInfo(work.here.zone)).date()
        finally:
            sign_in.sign_out(here.database, token)


def asked_cycle(work: Work, code: str, program: str | None) -> Cycle:
    """Returns the cycle with that code; where a programme is named too, its cycle of that month."""
    return cycles.of_code(work, code) if program is None else cycles.get(work, program, _month(code))


def _month(period: str) -> date:
    try:
        return parse_month(period)
    except ValueError as error:
        raise _no_month(error) from None
