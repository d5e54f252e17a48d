"""What would change if the files were applied: nothing is written here."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

from guyub.access.roles import RoleRecord
from guyub.db.work import Work
from guyub.facilities.models import FacilityRecord, OfficialRecord, RegionRecord, ThemeRecord
from guyub.host.plugin_host import PluginHost
from guyub.provisioning.declared import Declared, Field, Layer, Setting
from guyub.provisioning.findings import Finding, left_alone, spoilt
from guyub.provisioning.recorded import Recorded, recorded
from guyub.provisioning.timelines import steps

R = TypeVar("R", ThemeRecord, RoleRecord, RegionRecord, FacilityRecord, OfficialRecord)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would become another.

    ``what`` is a dotted name ("facility.paper", "official.head", "plugin.bansos", "config.bansos.quota"); ``origin`` is
    the layer that says so; ``facility`` and ``region`` are codes, or ""; ``valid_from`` is None for what has no date.
    """

    origin: Layer
    region: str
    facility: str
    what: str
    old: Any
    new: Any
    valid_from: date | None = None

    def as_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return plain


@dataclass(slots=True)
class Writes:
    """The records and settings to write, whole."""

    themes: list[ThemeRecord] = field(default_factory=list)
    roles: list[RoleRecord] = field(default_factory=list)
    duties: list[tuple[str, str]] = field(default_factory=list)
    regions: list[RegionRecord] = field(default_factory=list)
    facilities: list[FacilityRecord] = field(default_factory=list)
    officials: list[OfficialRecord] = field(default_factory=list)
    settings: list[tuple[Field, Setting]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """``digest`` names exactly these changes to exactly this state of the world; equal plans have equal digests."""

    digest: str
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    writes: Writes

    @property
    def is_blocked(self) -> bool:
        """Whether a finding stands against applying it."""
        return any(finding.is_blocking for finding in self.findings)


def plan(work: Work, host: PluginHost, declared: Declared) -> Plan:
    """Compares the files with what is recorded, for all places at once; the number of queries does not grow with them.

    A value holds from its day on: what was recorded for a later day is overruled from that day on as well.
    """
    work.require("facilities.configure")
    world = recorded(work)
    ours = declared.without(world.by_web)
    writes = Writes()
    changes = [*_records(ours, world, writes), *_settings(ours, world, writes)]
    findings = [*left_alone(declared, ours, world), *spoilt(host, ours, world, writes.settings)]
    canonical = json.dumps([world.epoch, *(change.as_json() for change in changes)], sort_keys=True)
    return Plan(sha256(canonical.encode()).hexdigest(), tuple(changes), tuple(findings), writes)


def _records(ours: Declared, world: Recorded, writes: Writes) -> Iterator[Change]:
    national = Change("national", "", "", "", None, None)

    def of_theme(one: ThemeRecord) -> Change:
        return replace(national, what=f"theme.{one.code}", valid_from=one.valid_from)

    def of_role(one: RoleRecord) -> Change:
        return replace(national, what=f"role.{one.code}")

    def of_region(one: RegionRecord) -> Change:
        return Change("region", one.code, "", "region", None, None)

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


def _settings(ours: Declared, world: Recorded, writes: Writes) -> Iterator[Change]:
    for one, want in (*ours.settings.items(), *_resets(ours, world)):
        for have, setting in steps(world.timelines.get(one, ()), want, unset=None if one.name else False):
            writes.settings.append((one, setting))
            yield _change_of(ours, one, have, setting)


def _resets(ours: Declared, world: Recorded) -> Iterator[tuple[Field, Setting]]:
    """What was set before and stands no longer in its plugin's table is inherited again, from the day of the table."""
    for one in world.timelines:
        if one.name and one.table in ours.tables and one not in ours.settings:
            yield one, Setting(None, ours.tables[one.table].since)


def _change_of(ours: Declared, one: Field, have: Setting | None, want: Setting) -> Change:
    facility = one.place if one.layer == "facility" else ""
    region = ours.facilities[facility].region if facility else one.place
    what = f"config.{one.plugin}.{one.name}" if one.name else f"plugin.{one.plugin}"
    change = Change(one.layer, region, facility, what, have.value if have else None, want.value, want.valid_from)
    if have is not None and change.old == change.new:
        return replace(change, what=f"{what}.locked", old=have.locked, new=want.locked)
    return change
