"""Notices of a plan about its days: that one has passed, and from which month a change counts for a programme."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date

from guyub.configuration.effects import SettingEffect
from guyub.configuration.issues import NO_REMEDY, Issue
from guyub.configuration.settings import Setting, Target
from guyub.configuration.state import ConfigurationState
from guyub.configuration.steps import Step
from guyub.configuration.timelines import first_month, on_day, with_added
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text
from guyub.sdk.words import format_date, period_name


@dataclass(frozen=True, slots=True)
class PlannedDays:
    """Holds what is known about the days of a plan. ``state`` is that before it."""

    plugins: PluginRegistry
    state: ConfigurationState
    steps: Sequence[Step]
    effects: Sequence[SettingEffect]
    today: date
    has_choice: bool = True
    """Whether another day can be selected."""


@dataclass(frozen=True, slots=True)
class MissedMonth:
    """A ``month`` that a change comes too late for, the first that it ``counts`` for, and the day that is ``offered``."""

    month: date
    counts: date
    offered: date | None


def backdated(plan: PlannedDays) -> Iterator[Issue]:
    """Yields a notice for each place and day that has passed; at a facility that is new nothing was worked out
    before."""
    concerned = {
        (step.target.place, step.after.valid_from): step
        for step in plan.steps
        if step.after.valid_from < plan.today
        and (step.target.place in plan.state.units if step.target.layer == "facility" else plan.state.units)
    }
    for (place, day), step in concerned.items():
        text = _PAST.format(id_day=format_date(day), en_day=format_date(day, "en"))
        yield Issue(place, text, "warns", step.target.plugin, code="configuration.backdated")


def counts_from_a_month(plan: PlannedDays) -> Iterator[Issue]:
    """Yields a notice for each change that comes too late for a month: a month of a programme takes what holds on its first
    day, which is offered where the change would count from then."""
    by_change: dict[tuple[str, str, date], MissedMonth] = {}
    for key, missed in (*_by_values(plan), *_by_switches(plan)):
        known = by_change.get(key, missed)
        by_change[key] = MissedMonth(missed.month, min(known.counts, missed.counts), known.offered or missed.offered)
    for (place, slug, day), missed in by_change.items():
        words = {
            "plugin": plan.plugins.titles()[slug],
            "id_day": format_date(day),
            "en_day": format_date(day, "en"),
            "id_this": period_name(missed.month),
            "en_this": period_name(missed.month, "en"),
            "id_month": period_name(missed.counts),
            "en_month": period_name(missed.counts, "en"),
            "id_first": format_date(missed.month),
            "en_first": format_date(missed.month, "en"),
        }
        offered = missed.offered if plan.has_choice else None
        yield Issue(
            place,
            _TOO_LATE.format(**words),
            "warns",
            slug,
            remedy=_TAKE_THE_FIRST.format(**words) if offered else NO_REMEDY,
            code="configuration.counts_later",
            offered=offered,
        )


def _by_values(plan: PlannedDays) -> Iterator[tuple[tuple[str, str, date], MissedMonth]]:
    for effect in plan.effects:
        if effect.missed is not None and effect.month is not None:
            missed = MissedMonth(effect.missed, effect.month, effect.offered)
            yield (effect.facility, effect.plugin, effect.on), missed


def _by_switches(plan: PlannedDays) -> Iterator[tuple[tuple[str, str, date], MissedMonth]]:
    switches: defaultdict[Target, list[Setting]] = defaultdict(list)
    for step in plan.steps:
        if not step.target.field:
            switches[step.target].append(step.after)
    for target, activation_periods in switches.items():
        plugin, unit = plan.plugins.ready().get(target.plugin), plan.state.units.get(target.place)
        if plugin is None or not plugin.program_types:
            continue
        opened = {month for slug, month in unit.opened if slug == target.plugin} if unit is not None else set()
        ran = plan.state.timelines.get(target, ())
        for switch in activation_periods:
            missed = _missed_by_switch(switch, ran, with_added(ran, activation_periods), opened)
            if missed is not None:
                yield (target.place, target.plugin, switch.valid_from), missed


def _missed_by_switch(
    switch: Setting, ran: Sequence[Setting], runs: Sequence[Setting], opened: Set[date]
) -> MissedMonth | None:
    """Returns the month that a switch comes too late for. ``ran`` and ``runs`` say when the plugin runs without the
    plan, and with it."""
    day, first = switch.valid_from, switch.valid_from.replace(day=1)

    def counts(on: date) -> bool:
        return _runs(runs, on) == bool(switch.value) != _runs(ran, on)

    if _runs(runs, first) == bool(switch.value):
        return None
    month = first_month(day, {run.valid_from for run in runs}, opened, counts)
    if month is None:
        return None
    is_free = first not in opened and _runs(ran, first) == _runs(ran, day)
    return MissedMonth(first, month, first if is_free else None)


def _runs(timeline: Sequence[Setting], day: date) -> bool:
    return bool((held := on_day(timeline, day)) and held.value)


PLAN_CHECKS: Sequence[Callable[[PlannedDays], Iterable[Issue]]] = (backdated, counts_from_a_month)
"""Asked of every plan, by whatever door."""


def plan_issues(
    plugins: PluginRegistry,
    state: ConfigurationState,
    steps: Sequence[Step],
    effects: Sequence[SettingEffect],
    today: date,
    *,
    has_choice: bool = True,
) -> list[Issue]:
    plan = PlannedDays(plugins, state, steps, effects, today, has_choice)
    return [issue for check in PLAN_CHECKS for issue in check(plan)]


_PAST = Text(
    id="Berlaku surut: {id_day} sudah lewat. Perhitungan yang dibuat sejak hari itu memakai yang baru.",
    en="It takes effect in the past: {en_day} has passed. What is worked out for days since then uses what is new.",
)
_TOO_LATE = Text(
    id="{plugin}: perubahan mulai {id_day} tidak terhitung untuk {id_this}, baru untuk {id_month}, karena sebulan memakai"
    " konfigurasi tanggal 1-nya.",
    en="{plugin}: a change from {en_day} does not count for {en_this}, only from {en_month} on, as a month uses the"
    " configuration of its first day.",
)
_TAKE_THE_FIRST = Text(
    id="Pilih {id_first} bila harus terhitung untuk {id_this}.",
    en="Choose {en_first} if it shall count for {en_this}.",
)
