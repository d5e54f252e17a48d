"""What would change if the files were applied: nothing is written here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from typing import TypeVar
from uuid import UUID

from guyub.access.roles import RoleRecord
from guyub.db.work import Work
from guyub.facilities.history import EVER
from guyub.facilities.models import FacilityRecord, OfficialRecord, RegionRecord, ThemeRecord
from guyub.host.config_rows import Stay
from guyub.host.plugin_host import PluginHost
from guyub.provisioning.beginnings import begun_before
from guyub.provisioning.change_words import called
from guyub.provisioning.clashes import clashes
from guyub.provisioning.configured import Unit
from guyub.provisioning.consequences import consequences
from guyub.provisioning.declared import Declared, Field, LetterDefault, Setting
from guyub.provisioning.drift import drift
from guyub.provisioning.effects import effects
from guyub.provisioning.endings import endings
from guyub.provisioning.findings import kept_by_the_web, left_alone, namesakes, unspoken
from guyub.provisioning.plans import Change, Plan, Writes, change_of, digest_of
from guyub.provisioning.plugin_tables import is_secret
from guyub.provisioning.recorded import Recorded, recorded
from guyub.provisioning.timelines import steps, until_then, with_the_days_until
from guyub.provisioning.titles import with_titles_of_their_day

R = TypeVar("R", ThemeRecord, RoleRecord, RegionRecord, LetterDefault, FacilityRecord, OfficialRecord)
K = TypeVar("K")
Known = list[Setting | None]
_UNKNOWN = UUID(int=0)


def plan(work: Work, host: PluginHost, declared: Declared, on: date | None = None) -> Plan:
    """Compares the files with what is recorded, for all places at once; the number of queries does not grow with them.

    A value holds from its day on: what was recorded for a later day is overruled from that day on, unless the files name
    that day as well. ``on`` is today, by the database's clock where it is left out: a plan holds for its day.
    """
    work.require("facilities.configure")
    world = recorded(work, host)
    today = on or world.configured.today
    declared = with_titles_of_their_day(declared, world, today)
    ours = declared.without(world.by_web, world.regions_by_web)
    writes, have = Writes(), Known()
    changes = [*_records(ours, world, writes), *_settings(host, ours, world, writes, have, today)]
    becomes, spoilt = effects(
        host, world.configured, _units(ours, world, today), writes.settings, work.login, everywhere=True
    )
    called_here = partial(called, host=host)
    findings = [
        *kept_by_the_web(declared, world, _theirs(host, declared, world, today), called_here),
        *left_alone(declared, ours, world, called_here),
        *namesakes(ours),
        *begun_before(ours, world, writes.settings, today),
        *clashes(ours, world),
        *endings(work, ours, world, writes, today),
        *drift(work, changes, writes.settings, have, called_here, unspoken(ours, world)),
        *spoilt,
    ]
    touched = consequences(work, host.titles(), writes.settings, becomes)
    return Plan(
        digest=digest_of("files", today, world.configured.epoch, changes, touched, findings),
        door="files",
        today=today,
        changes=tuple(changes),
        findings=tuple(findings),
        writes=writes,
        effects=tuple(becomes),
        consequences=touched,
        have=tuple(have),
    )


def _theirs(host: PluginHost, declared: Declared, world: Recorded, today: date) -> list[Change]:
    """What the files of places that the web manages would change."""
    if not world.by_web | world.regions_by_web:
        return []
    every = (*_records(declared, world, Writes()), *_settings(host, declared, world, Writes(), Known(), today))
    return [
        change
        for change in every
        if change.facility in world.by_web or (not change.facility and change.region in world.regions_by_web)
    ]


def _units(ours: Declared, world: Recorded, today: date) -> dict[str, Unit]:
    """The facilities as the plan leaves them: new ones too, and each under its region to be."""
    known = dict(world.configured.units)
    for code, one in ours.facilities.items():
        if code not in known:
            first = Stay(EVER, one.region, _UNKNOWN)
            known[code] = Unit(_UNKNOWN, code, one.name, one.zone, "files", one.region, (first,))
            continue
        told = one.name_from if one.name_from != world.facilities[code].name_from else None
        stays = _stays(known[code].stays, one.region, told or today)
        known[code] = replace(known[code], name=one.name, region=one.region, stays=stays)
    return known


def _stays(known: tuple[Stay, ...], region: str, since: date) -> tuple[Stay, ...]:
    """With the stay under a region that begins on a day, as the database will keep it."""
    if known[-1].region == region and known[-1].since <= since:
        return known
    before = tuple(one for one in known if one.since < since)
    return before if before and before[-1].region == region else (*before, Stay(since, region, _UNKNOWN))


def _records(ours: Declared, world: Recorded, writes: Writes) -> Iterator[Change]:
    national = Change("national", "", "", "", None, None)

    def of_theme(one: ThemeRecord) -> Change:
        return replace(national, what=f"theme.{one.code}", valid_from=one.valid_from)

    def of_role(one: RoleRecord) -> Change:
        return replace(national, what=f"role.{one.code}")

    def of_region(one: RegionRecord) -> Change:
        return Change("region", one.code, "", "region", None, None)

    def of_letters(one: LetterDefault) -> Change:
        return Change("region" if one.place else "national", one.place, "", "letters", None, None)

    def of_facility(one: FacilityRecord) -> Change:
        return Change("facility", one.region, one.code, "facility", None, None)

    def of_official(one: OfficialRecord) -> Change:
        region = ours.facilities[one.facility].region
        return Change("facility", region, one.facility, f"official.{one.role_code}", None, None, one.valid_from)

    yield from _differing(ours.themes, world.themes, writes.themes, of_theme)
    yield from _differing(ours.roles, world.roles, writes.roles, of_role)
    writes.duties += sorted(ours.duties - world.duties)
    yield from (replace(national, what="separation", new=f"{first}/{second}") for first, second in writes.duties)
    yield from _differing(ours.regions, world.regions, writes.regions, of_region)
    yield from _differing(ours.letters, world.letters, writes.letters, of_letters)
    yield from _differing(ours.facilities, world.facilities, writes.facilities, of_facility)
    yield from _differing(ours.officials, world.officials, writes.officials, of_official)


def _differing(
    wanted: Mapping[K, R], known: Mapping[K, R], writes: list[R], change_of: Callable[[R], Change]
) -> Iterator[Change]:
    """A new record is one change, a known one a change for each field that differs."""
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


def _settings(
    host: PluginHost, ours: Declared, world: Recorded, writes: Writes, have: Known, today: date
) -> Iterator[Change]:
    for one, wanted in (*ours.settings.items(), *_resets(ours, world, host)):
        region = ours.facilities[one.place].region if one.layer == "facility" else one.place
        unset, timeline = None if one.name else False, world.timelines.get(one, ())
        wanted_from_now = with_the_days_until(timeline, wanted, today=today, unset=unset)
        earlier: tuple[Setting | None, Setting] | None = None
        for was, setting in steps(timeline, wanted_from_now, unset=unset):
            writes.settings.append((one, setting))
            have.append(was)
            yield change_of(region, one, until_then(earlier, was, setting), setting)
            earlier = was, setting


def _resets(ours: Declared, world: Recorded, host: PluginHost) -> Iterator[tuple[Field, tuple[Setting, ...]]]:
    """What was set before and stands no longer in its plugin's table is inherited again, from the day of the table.

    Files do not speak of secrets.
    """
    for one in world.timelines:
        if one.name and one.table in ours.tables and one not in ours.settings and not is_secret(host, one):
            table = ours.tables[one.table]
            yield one, (Setting(None, table.since, reason=table.reason),)
