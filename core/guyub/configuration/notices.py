"""What a plan says of its days: that one has passed, and from which month a change counts for a programme."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from guyub.configuration.activations import month_from
from guyub.configuration.effects import SettingEffect
from guyub.configuration.issues import Issue
from guyub.configuration.state import ConfigurationState
from guyub.configuration.steps import Step
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text
from guyub.sdk.words import format_date, period_name


@dataclass(frozen=True, slots=True)
class PlannedDays:
    """What is asked about the days of a plan. ``state`` is that before it."""

    host: PluginRegistry
    state: ConfigurationState
    steps: Sequence[Step]
    effects: Sequence[SettingEffect]
    today: date


def backdated(plan: PlannedDays) -> Iterator[Issue]:
    """Once for each place and day that has passed; at a facility that is new nothing was worked out before."""
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
    """A month of a programme takes what holds on its first day: a later day of it is too late, and the first is offered."""
    told: set[tuple[str, str, date]] = set()
    concerned = [
        *((effect.facility, effect.plugin, effect.on) for effect in plan.effects if effect.kind in _CHANGING),
        *(
            (step.target.place, step.target.plugin, step.after.valid_from)
            for step in plan.steps
            if not step.target.field
        ),
    ]
    for place, slug, day in concerned:
        month = month_of(plan.host, slug, day)
        if month is None or month == day or (place, slug, day) in told:
            continue
        told.add((place, slug, day))
        first = day.replace(day=1)
        words = {
            "plugin": plan.host.titles()[slug],
            "id_day": format_date(day),
            "en_day": format_date(day, "en"),
            "id_this": period_name(first),
            "en_this": period_name(first, "en"),
            "id_month": period_name(month),
            "en_month": period_name(month, "en"),
        }
        first_words = {"id_first": format_date(first), "en_first": format_date(first, "en")}
        yield Issue(
            place,
            _TOO_LATE.format(**words),
            "warns",
            slug,
            remedy=_TAKE_THE_FIRST.format(**words, **first_words),
            code="configuration.counts_later",
            offered=first,
        )


def month_of(host: PluginRegistry, slug: str, day: date) -> date | None:
    """The first month of a programme for which a change from a day on counts; None for what is no programme."""
    plugin = host.ready().get(slug)
    if plugin is None or not plugin.program_types:
        return None
    try:
        return month_from(day)
    except ValueError:  # the calendar ends
        return None


PLAN_CHECKS: Sequence[Callable[[PlannedDays], Iterable[Issue]]] = (backdated, counts_from_a_month)
"""Asked of every plan, by whatever door."""


def plan_issues(
    host: PluginRegistry,
    state: ConfigurationState,
    steps: Sequence[Step],
    effects: Sequence[SettingEffect],
    today: date,
) -> list[Issue]:
    plan = PlannedDays(host, state, steps, effects, today)
    return [issue for check in PLAN_CHECKS for issue in check(plan)]


_CHANGING = ("changes", "loses_its_own")
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
