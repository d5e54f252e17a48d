"""A cycle is one month of a programme at a facility: opened, looked at, opened again for the next month, cancelled."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    SQLColumnExpression,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy import Text as SqlText
from sqlmodel import col

from guyub.access import audit
from guyub.access.models import PersonModel
from guyub.configuration import activations
from guyub.configuration.activations import ActivationPeriods
from guyub.db.limits import EVENT_PLACE, LAST_DAY, is_month
from guyub.db.text_lengths import require_length
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.funds.models import AccountModel, Fund
from guyub.jobs import outbox
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycle_settings, due_months, packages
from guyub.programs.labels import STATES
from guyub.programs.models import CycleFund, CycleModel, Program
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.program import ProgramContext, ProgramType
from guyub.sdk.text import Period, Text
from guyub.ui.months import following

LATEST_MONTHS = 6
"""A month is distributed before so many months have passed since it began."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """A row of ``guyub.cycle`` with its programme; actors are names, times are moments."""

    id: UUID
    plugin: str
    program_type: str
    code: str
    """By which addresses, commands and the audit log name it at its facility: "2024-11"."""
    period: date
    state: str
    quota: int
    exclusion_group: str
    settings: Mapping[str, Any]
    distribution_on: date | None
    starts_at: time | None
    place: str
    scored: bool
    opened_by: str
    proposed_by: str
    approved_by: str
    closed_by: str
    proposed_by_id: UUID | None
    closing_note: str
    version: int
    """Rises with every proposal and return, with what a calendar shows and, in planning, with the list, its funds and its
    package; whoever decides names the one that they read."""
    changed_at: datetime | None
    """When it rose last."""
    due: bool = True
    """Whether the programme's schedule occurred in its month when it was opened."""

    @property
    def title(self) -> Text:
        return cycle_settings.cycle_title(self.plugin, self.settings)

    @property
    def gives_money(self) -> bool:
        return cycle_settings.gives_money(self.settings)

    @property
    def most_points(self) -> int:
        return cycle_settings.most_points(self.settings)


def _cycles(work: Work) -> Select[*tuple[Any, ...]]:
    """Selects what a ``Cycle`` holds, of the facility of this work."""
    return (
        select(
            col(CycleModel.id),
            col(Program.plugin),
            col(Program.program_type),
            col(CycleModel.code),
            col(CycleModel.period),
            col(CycleModel.state),
            col(CycleModel.quota),
            col(CycleModel.due),
            col(CycleModel.exclusion_group),
            col(CycleModel.settings),
            col(CycleModel.distribution_on),
            col(CycleModel.starts_at),
            col(CycleModel.place),
            col(CycleModel.scored_at).is_not(None).label("scored"),
            _name_of(col(CycleModel.opened_by)).label("opened_by"),
            _name_of(col(CycleModel.proposed_by)).label("proposed_by"),
            _name_of(col(CycleModel.approved_by)).label("approved_by"),
            _name_of(col(CycleModel.closed_by)).label("closed_by"),
            col(CycleModel.proposed_by).label("proposed_by_id"),
            col(CycleModel.closing_note),
            col(CycleModel.revision).label("version"),
            func.coalesce(col(CycleModel.revised_at), col(CycleModel.opened_at)).label("changed_at"),
        )
        .join(Program, col(Program.id) == col(CycleModel.program_id))
        .where(col(CycleModel.facility_id) == work.here.id)
    )


def _name_of(actor: SQLColumnExpression[UUID | None]) -> ColumnElement[str]:
    name = select(col(PersonModel.full_name)).where(col(PersonModel.id) == actor).scalar_subquery()
    return func.coalesce(name, "")


def get(work: Work, plugin: str, period: date) -> Cycle:
    """Returns a month of a programme; of one that was cancelled and opened again the one that stands, else the newest.
    Raises ``NotFound``."""
    of_month = _cycles(work).where(col(Program.plugin) == plugin, col(CycleModel.period) == period)
    row = work.first(Cycle, of_month.order_by(col(CycleModel.state) == "cancelled", col(CycleModel.opened_at).desc()))
    if row is None:
        raise ProgramsRefusal.UNKNOWN_CYCLE.not_found(plugin=plugin, period=Period(period), place=work.here.name)
    return row


def of_code(work: Work, code: str) -> Cycle:
    """Returns the cycle of this facility with that code ("2024-11"). Raises ``NotFound``."""
    row = work.first(Cycle, _cycles(work).where(col(CycleModel.code) == code))
    if row is None:
        raise ProgramsRefusal.UNKNOWN_CODE.not_found(code=code, place=work.here.name)
    return row


def all_of(work: Work, plugin: str | None = None) -> list[Cycle]:
    """Cycles of this facility, newest first."""
    of_facility = _cycles(work).order_by(
        col(CycleModel.period).desc(), col(Program.plugin), col(CycleModel.opened_at).desc()
    )
    return work.rows(Cycle, of_facility if plugin is None else of_facility.where(col(Program.plugin) == plugin))


def require_program(work: Work, plugins: PluginRegistry, plugin: str, on: date) -> Plugin:
    """Returns the plugin, when it offers a programme that runs here on that day. Raises ``NotFound``, or why it is not ready."""
    declared = plugins.require_active(work, plugin, on)
    if not declared.program_types:
        raise ProgramsRefusal.NO_PROGRAM.not_found(plugin=plugin)
    return declared


def open_cycle(
    work: Work,
    plugins: PluginRegistry,
    plugin: str,
    period: date,
    *,
    program_type: str | None = None,
    fund_codes: Sequence[str] = (),
    distribution_on: date | None = None,
    starts_at: time | None = None,
    place: str = "",
    previous_id: UUID | None = None,
    reason: str = "",
) -> Cycle:
    """Opens a month of a programme with the configuration that applies on its first day.

    ``fund_codes`` in the order in which they pay. ``reason``: why a month is opened that is not due by the programme's schedule;
    one that is due has none. Raises ``NotFound`` when the programme does not run here, ``Invalid``
    naming the first possible month when it does not on that day but later, and for a day outside ``days_of``; ``Refusal``
    when the month is already open.
    """
    work.require("programs.open")
    period = period.replace(day=1)
    if not is_month(period):
        raise ProgramsRefusal.MONTH_OUTSIDE.invalid("month")
    require_length(place, EVENT_PLACE, "place")
    if distribution_on is not None:
        demand_day_near(period, distribution_on)
    if plugin not in plugins.active(work, work.here.id, period):
        _demand_day(activations.activation_periods(work, plugin), work, plugins, plugin, period)
    declared = require_program(work, plugins, plugin, period).program_types
    kind = plugins.program_type(plugin, program_type or declared[0].key)
    config = plugins.resolve(work, plugin, work.here.id, period).config
    ctx = ProgramContext(config, work.here, period)
    on = due_months.due_on(kind, config, period)
    reason = due_months.opening_reason(kind.title, period, on, reason)
    # One statement for both: the programme is made with its first month, and found with every other.
    cycle_id = work.run(
        """WITH program AS (
               INSERT INTO guyub.program (facility_id, plugin, program_type) VALUES (:facility, :plugin, :type)
               ON CONFLICT (facility_id, plugin, program_type) DO NOTHING RETURNING id)
           INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings, distribution_on,
                                    starts_at, place, previous_id, due, opening_reason)
           SELECT :facility, COALESCE((SELECT id FROM program), (
                      SELECT id FROM guyub.program
                      WHERE facility_id = :facility AND plugin = :plugin AND program_type = :type)),
                  :period, :quota, :group, CAST(:settings AS jsonb), :on, :at, :place, :previous, :due, :reason
           RETURNING id""",
        facility=work.here.id,
        plugin=plugin,
        type=kind.key,
        period=period,
        quota=kind.quota(config),
        group=kind.exclusion_group(config),
        settings=json.dumps(settings_of(kind, ctx)),
        on=distribution_on,
        at=starts_at,
        place=place,
        previous=previous_id,
        due=on is not None,
        reason=reason,
    ).scalar_one()
    packages.write(work, cycle_id, kind, ctx)
    set_funds(work, cycle_id, fund_codes)
    opened = get(work, plugin, period)
    outbox.emit(work, "cycle.opened", reference(opened), period, {"quota": kind.quota(config)})
    details = {"quota": kind.quota(config), **({} if on is not None else {"due": False})}
    audit.record(work, "programs.open", reference(opened), reason=reason, details=details)
    return opened


def _demand_day(known: ActivationPeriods, work: Work, plugins: PluginRegistry, plugin: str, period: date) -> None:
    """Raises ``Invalid`` where the programme begins to run after the first day of the month that is to be opened."""
    begins, first = known.since(period), known.first_month(period)
    if begins is None:
        return
    title = plugins.titles().get(plugin, plugin)
    month = Period(period)
    values = {
        "month": month,
        "title": title,
        "place": work.here.name,
        "day": begins,
    }
    if first is None:
        raise ProgramsRefusal.NO_MONTH_YET.invalid("month", **values)
    raise ProgramsRefusal.MONTH_NOT_YET.invalid(
        "month",
        first=Period(first),
        wanted=period,
        **values,
    )


def open_next(work: Work, plugins: PluginRegistry, cycle: Cycle, *, distribution_on: date | None = None) -> Cycle:
    """Opens the next month after ``cycle`` that is due, with its place, hour and those of its funds that still hold something."""
    after = following(cycle.period)
    due = due_months.due_here(work, plugins, cycle.plugin, due_months.months_from(after, due_months.MONTHS_AHEAD))
    return open_cycle(
        work,
        plugins,
        cycle.plugin,
        min(due, default=after),
        program_type=cycle.program_type,
        fund_codes=funds_that_last(work, cycle, distribution_on),
        distribution_on=distribution_on,
        starts_at=cycle.starts_at,
        place=cycle.place,
        previous_id=cycle.id,
    )


def funds_that_last(work: Work, cycle: Cycle, on: date | None) -> list[str]:
    """Returns codes of the funds of a cycle that still hold money or goods and pay on a day (``on``; none: some day), in its
    order of payment."""
    holds = exists().where(
        col(AccountModel.fund_id) == col(Fund.id),
        col(AccountModel.kind).in_(("cash", "stock")),
        col(AccountModel.rupiah) > 0,
    )
    codes = (
        select(col(Fund.code))
        .join(CycleFund, col(CycleFund.fund_id) == col(Fund.id))
        .where(col(CycleFund.cycle_id) == cycle.id, holds, *(_pays_on(on) if on else ()))
        .order_by(col(CycleFund.priority))
    )
    return list(work.scalars(codes))


def _pays_on(on: date) -> tuple[ColumnElement[bool], ...]:
    since, until = col(Fund.usable_from), col(Fund.usable_until)
    return or_(since.is_(None), since <= on), or_(until.is_(None), until >= on)


def choose_funds(work: Work, cycle: Cycle, fund_codes: Sequence[str], *, version: int | None = None) -> None:
    """Records which funds pay for a planned cycle, and in which order.

    ``version`` is that of the cycle as it was read, None where it is read here.

    Raises ``Invalid`` for a fund that is not there, ``Refusal`` when another version stands.
    """
    work.require("programs.open")
    lock_in_state(work, cycle, "planned")
    demand_version(work, cycle, version)
    set_funds(work, cycle.id, fund_codes)
    audit.record(work, "programs.choose_funds", reference(cycle), details={"funds": list(fund_codes)})


def set_funds(work: Work, cycle_id: UUID, fund_codes: Sequence[str]) -> None:
    """Writes the funds that pay for a cycle, in order; while it is planned."""
    codes = list(dict.fromkeys(fund_codes))
    work.change(delete(CycleFund).where(col(CycleFund.cycle_id) == cycle_id))
    place = func.array_position(literal(codes, ARRAY(SqlText)), col(Fund.code))
    funds = select(col(Fund.facility_id), literal(cycle_id), col(Fund.id), place).where(
        col(Fund.facility_id) == work.here.id, among(col(Fund.code), codes)
    )
    added = work.change(insert(CycleFund).from_select(["facility_id", "cycle_id", "fund_id", "priority"], funds))
    if added != len(codes):
        raise ProgramsRefusal.UNKNOWN_FUND.invalid("funds", codes=", ".join(codes))


def plan_distribution(
    work: Work, cycle: Cycle, on: date, starts_at: time | None, place: str, *, version: int | None = None
) -> None:
    """Sets day, hour and place of the distribution; until the cycle is closed. ``version`` as for ``choose_funds``.

    Raises ``Invalid`` for a day outside ``days_of``, ``Refusal`` when another version stands.
    """
    work.require("programs.open")
    demand_day_near(cycle.period, on)
    place = require_length(place.strip(), EVENT_PLACE, "place")
    read = demand_version(work, cycle, version)
    write(work, cycle, distribution_on=on, starts_at=starts_at, place=place, decided_version=read)
    audit.record(work, "programs.plan_distribution", reference(cycle), details={"on": on.isoformat(), "place": place})


def days_of(period: date) -> tuple[date, date]:
    """Returns the first and the last day on which a month can be distributed: none before it begins, none half a year after
    that. A day outside is a slip of the keyboard; so has the database it."""
    months = period.year * 12 + period.month - 1 + LATEST_MONTHS
    return period, min(date(months // 12, months % 12 + 1, 1) - timedelta(days=1), LAST_DAY)


def possible_days(cycle: Cycle) -> tuple[date, date]:
    """Returns the first and the last day on which this month is to be distributed: its planned day, or all that it may have."""
    planned = cycle.distribution_on
    return (planned, planned) if planned is not None else days_of(cycle.period)


def demand_day_near(period: date, on: date) -> None:
    """Raises ``Invalid`` for a planned day that cannot be one of this month."""
    first, last = days_of(period)
    if not first <= on <= last:
        raise ProgramsRefusal.DAY_OUTSIDE.invalid("on", month=Period(period), first=first, last=last)


def lock_in_state(work: Work, cycle: Cycle, *states: str) -> None:
    """Keeps the cycle to this transaction until its end: of two people who take the same step, the second sees the first's.

    Raises ``Refusal`` when it is in none of these ``states`` any more.
    """
    held = select(col(CycleModel.state)).where(col(CycleModel.id) == cycle.id).with_for_update(key_share=True)
    state = work.session.execute(held).scalar_one()
    if state not in states:
        raise ProgramsRefusal.STATE.refusal(state=STATES[state])


def demand_version(work: Work, cycle: Cycle, version: int | None) -> int:
    """Returns the version that a step names, and keeps the cycle to this transaction. Raises ``Refusal`` unless the one that
    was read stands; so does the database."""
    held = select(col(CycleModel.revision)).where(col(CycleModel.id) == cycle.id).with_for_update(key_share=True)
    stands: int = work.session.execute(held).scalar_one()
    if version not in (None, stands):
        raise ProgramsRefusal.PROPOSAL_CHANGED.refusal()
    return stands


def write(work: Work, cycle: Cycle, **values: object) -> None:
    """Writes columns of a cycle, its state among them; the database refuses a step that is none."""
    work.change(update(CycleModel).where(col(CycleModel.id) == cycle.id).values(**values))


def reference(cycle: Cycle) -> str:
    """Returns how the audit log names a cycle: "bansos/2024-11"."""
    return f"{cycle.plugin}/{cycle.code}"


def settings_of(kind: ProgramType[Any], ctx: ProgramContext[Any]) -> dict[str, Any]:
    """Returns what the books need of the programme even when its plugin is gone: titles, labels, weights and configuration."""
    return {
        "title": _both(kind.title),
        "benefit": kind.benefit,
        "config": ctx.config.model_dump(mode="json"),
        "rules": [{"key": rule.key, "otherwise": _both(rule.otherwise)} for rule in kind.eligibility(ctx)],
        "criteria": [
            {"key": criterion.key, "label": _both(criterion.label), "weight": criterion.weight}
            for criterion in kind.criteria(ctx)
        ],
    }


def _both(text: Text) -> dict[str, str]:
    return {"id": text.id, "en": text.en}
