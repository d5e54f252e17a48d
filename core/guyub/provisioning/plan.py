"""Holds what would change if the files were applied, and applying it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from typing import TypeVar
from uuid import UUID

from guyub.access.roles import RoleRecord
from guyub.configuration.apply import carry_out, wait_for_others
from guyub.configuration.change_text import called
from guyub.configuration.effects import effects
from guyub.configuration.notices import plan_issues
from guyub.configuration.plan import Plan
from guyub.configuration.planning import whole_plan
from guyub.configuration.settings import Setting, Target
from guyub.configuration.state import FacilityRef
from guyub.configuration.steps import PlannedChange, Step
from guyub.configuration.store import RegionMembership
from guyub.configuration.timelines import postpone_start, replaced_value, steps_to
from guyub.db.unit_of_work import Work
from guyub.facilities.history import EVER
from guyub.facilities.record_set import RecordWrites
from guyub.facilities.records import FacilityRecord, LetterDefault, OfficialRecord, RegionRecord, ThemeRecord
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning.closing_checks import closing_problems
from guyub.provisioning.current import CurrentState, current_state
from guyub.provisioning.desired import DesiredState
from guyub.provisioning.drift import drift
from guyub.provisioning.official_checks import official_conflicts, with_titles_of_their_day
from guyub.provisioning.plan_findings import (
    duplicate_names,
    moved_starts,
    not_in_files,
    undeclared_settings,
    web_managed_conflicts,
)
from guyub.provisioning.toml_plugin_sections import is_secret

R = TypeVar("R", ThemeRecord, RoleRecord, RegionRecord, LetterDefault, FacilityRecord, OfficialRecord)
K = TypeVar("K")
_UNKNOWN = UUID(int=0)


def plan(work: Work, plugins: PluginRegistry, declared: DesiredState, on: date | None = None) -> Plan:
    """Compares the files with what is recorded, for all places at once; the number of queries does not grow with them.

    A value holds from its day on: what was recorded for a later day is overruled from that day on, unless the files name
    that day as well. ``on`` is today, by the database's clock where it is left out: a plan holds for its day.
    """
    work.require("facilities.configure")
    world = current_state(work, plugins)
    if declared.region:
        world = world.of_region(declared.region, declared.facilities.keys())
    today = on or world.configured.today
    declared = with_titles_of_their_day(declared, world, today)
    if declared.region:  # whose roles are not for this region's files to change
        declared, world = replace(declared, roles={}), replace(world, roles={})
    ours = declared.without(world.by_web, world.regions_by_web)
    writes = RecordWrites()
    records, steps = tuple(_records(ours, world, writes)), list(_steps(plugins, ours, world, today))
    becomes, spoilt = effects(plugins, world.configured, _units(ours, world, today), steps, work.login, everywhere=True)
    called_here = partial(called, plugins=plugins)
    issues = (
        *web_managed_conflicts(declared, world, _theirs(plugins, declared, world, today), called_here),
        *not_in_files(declared, ours, world, called_here),
        *duplicate_names(ours),
        *moved_starts(ours, world, steps, today),
        *official_conflicts(ours, world),
        *closing_problems(work, ours, world, writes, steps, today),
        *drift(work, records, steps, called_here, undeclared_settings(ours, world)),
        *spoilt,
        *plan_issues(plugins, world.configured, steps, becomes, today),
    )
    return whole_plan(work, plugins, "files", today, steps, becomes, issues, records=records, writes=writes)


def apply(
    work: Work, plugins: PluginRegistry, declared: DesiredState, digest: str | None = None, on: date | None = None
) -> Plan:
    """Makes the world what the files say and returns the plan that was carried out; without a change no row is written.

    ``digest`` is that of a plan which somebody has read: raises ``Refusal`` when the plan is another by now, and when
    an issue blocks it. Only one at a time gets to apply; a second one waits and plans on what the first left.
    """
    wait_for_others(work)
    return carry_out(work, plugins, plan(work, plugins, declared, on), digest)


def _theirs(plugins: PluginRegistry, declared: DesiredState, world: CurrentState, today: date) -> list[PlannedChange]:
    """Returns what the files of places that the web manages would change."""
    if not world.by_web | world.regions_by_web:
        return []
    steps = _steps(plugins, declared, world, today)
    every = (*_records(declared, world, RecordWrites()), *(step.change for step in steps))
    return [
        change
        for change in every
        if change.facility in world.by_web or (not change.facility and change.region in world.regions_by_web)
    ]


def _units(ours: DesiredState, world: CurrentState, today: date) -> dict[str, FacilityRef]:
    """Returns the facilities as the plan leaves them: new ones too, and each under its region to be."""
    known = dict(world.configured.units)
    for code, facility in ours.facilities.items():
        if code not in known:
            first = RegionMembership(EVER, facility.region, _UNKNOWN)
            known[code] = FacilityRef(_UNKNOWN, code, facility.name, facility.zone, "files", facility.region, (first,))
            continue
        name_from = facility.name_from if facility.name_from != world.facilities[code].name_from else None
        stays = _stays(known[code].stays, facility.region, name_from or today)
        known[code] = replace(known[code], name=facility.name, region=facility.region, stays=stays)
    return known


def _stays(known: tuple[RegionMembership, ...], region: str, since: date) -> tuple[RegionMembership, ...]:
    """Returns the stays with that under a region that begins on a day, as the database will keep it."""
    if known[-1].region == region and known[-1].since <= since:
        return known
    before = tuple(membership for membership in known if membership.since < since)
    return before if before and before[-1].region == region else (*before, RegionMembership(since, region, _UNKNOWN))


def _records(ours: DesiredState, world: CurrentState, writes: RecordWrites) -> Iterator[PlannedChange]:
    national = PlannedChange("national", "", "", "", None, None)

    def of_theme(theme: ThemeRecord) -> PlannedChange:
        return replace(national, what=f"theme.{theme.code}", valid_from=theme.valid_from)

    def of_role(role: RoleRecord) -> PlannedChange:
        return replace(national, what=f"role.{role.code}")

    def of_region(record: RegionRecord) -> PlannedChange:
        return PlannedChange("region", record.code, "", "region", None, None)

    def of_letters(default: LetterDefault) -> PlannedChange:
        return PlannedChange("region" if default.place else "national", default.place, "", "letters", None, None)

    def of_facility(facility: FacilityRecord) -> PlannedChange:
        return PlannedChange("facility", facility.region, facility.code, "facility", None, None)

    def of_official(official: OfficialRecord) -> PlannedChange:
        region = ours.facilities[official.facility].region
        return PlannedChange(
            "facility", region, official.facility, f"official.{official.role_code}", None, None, official.valid_from
        )

    yield from _differing(ours.themes, world.themes, writes.themes, of_theme)
    yield from _differing(ours.roles, world.roles, writes.roles, of_role)
    writes.duties += sorted(ours.duties - world.duties)
    yield from (replace(national, what="separation", new=f"{first}/{second}") for first, second in writes.duties)
    yield from _differing(ours.regions, world.regions, writes.regions, of_region)
    yield from _differing(ours.letters, world.letters, writes.letters, of_letters)
    yield from _differing(ours.facilities, world.facilities, writes.facilities, of_facility)
    yield from _differing(ours.officials, world.officials, writes.officials, of_official)


def _differing(
    wanted: Mapping[K, R], known: Mapping[K, R], writes: list[R], change_of: Callable[[R], PlannedChange]
) -> Iterator[PlannedChange]:
    """Yields the changes of records: a new record is one change, a known one a change for each field that differs."""
    for key, want in wanted.items():
        have = known.get(key)
        if have == want:
            continue
        writes.append(want)
        change = change_of(want)
        if have is None:
            yield replace(change, new=asdict(want))
            continue
        old = asdict(have)
        for name, value in asdict(want).items():
            if old[name] != value:
                yield replace(change, what=f"{change.what}.{name}", old=old[name], new=value)


def _steps(plugins: PluginRegistry, ours: DesiredState, world: CurrentState, today: date) -> Iterator[Step]:
    for target, wanted in (*ours.settings.items(), *_resets(ours, world, plugins)):
        region = ours.facilities[target.place].region if target.layer == "facility" else target.place
        unset, timeline = None if target.field else False, world.timelines.get(target, ())
        wanted_from_now = postpone_start(timeline, wanted, today=today, unset=unset)
        earlier: tuple[Setting | None, Setting] | None = None
        for was, setting in steps_to(timeline, wanted_from_now, unset=unset):
            yield Step(target, region, was, setting, replaced_value(earlier, was, setting))
            earlier = was, setting


def _resets(
    ours: DesiredState, world: CurrentState, plugins: PluginRegistry
) -> Iterator[tuple[Target, tuple[Setting, ...]]]:
    """Yields the fields that were set before and stand no longer in their plugin's table: they are inherited again,
    from its day.

    Files do not speak of secrets.
    """
    for timeline in world.timelines:
        if (
            timeline.field
            and timeline.table in ours.tables
            and timeline not in ours.settings
            and not is_secret(plugins, timeline)
        ):
            table = ours.tables[timeline.table]
            yield timeline, (Setting(None, table.since, reason=table.reason),)
