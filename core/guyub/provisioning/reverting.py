"""Taking an applied plan back: what held before is recorded anew for the same days; nothing is ever deleted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from guyub.db.work import Work
from guyub.facilities.models import FacilityRecord, OfficialRecord, RegionRecord
from guyub.host.plugin_host import PluginHost
from guyub.provisioning.applying import carry_out, wait_for_others
from guyub.provisioning.configured import Configured
from guyub.provisioning.declared import Field, Setting
from guyub.provisioning.findings import Finding
from guyub.provisioning.ledger import Applied, Undoing, undoings
from guyub.provisioning.plans import Change, Plan, Writes, digest_of
from guyub.provisioning.recorded import Recorded, recorded
from guyub.provisioning.timelines import on_day
from guyub.provisioning.wanted import by_files
from guyub.provisioning.wishes import plan_settings
from guyub.sdk.text import Text
from guyub.sdk.words import format_moment

K = TypeVar("K")
R = TypeVar("R", FacilityRecord, RegionRecord, OfficialRecord)

_NOTHING = Change("national", "", "", "", None, None)
_ZONE = "Asia/Jakarta"


def plan_revert(work: Work, host: PluginHost, applied_id: str, on: date | None = None) -> Plan:
    """What taking it back would change; nothing is written. A person takes back by the web, the command line by the door
    by which the plan came. What was changed again since stands against it. Raises ``NotFound``, ``Forbidden``."""
    work.require("facilities.configure")
    applied, changes = undoings(work, applied_id)
    world = recorded(work, host)
    door = applied.door if work.is_system else "web"
    findings = [*_against(applied, changes), *_by_other_door(world.configured, changes, door)]
    wanted = []
    for one in changes:
        if one.field is not None:
            if _stands(world.configured, one):
                assert one.before is not None
                wanted.append((one.field, replace(one.before, reason=_reason(applied))))
            else:
                findings.append(_changed_since(world.configured, one.field, one.change))
    planned = plan_settings(work, host, world.configured, wanted, findings, door=door, on=on, reverts=applied.id)
    writes, records, told = _records(world, [one.change for one in changes if one.field is None])
    every = (*records, *planned.changes)
    writes.settings = planned.writes.settings
    return replace(
        planned,
        # Two plans may have changed the same: taking back the one is not taking back the other.
        digest=digest_of(door, planned.today, world.configured.epoch, [replace(_NOTHING, what=applied.id), *every]),
        changes=every,
        findings=(*planned.findings, *told),
        writes=writes,
    )  # fmt: skip


def revert(work: Work, host: PluginHost, applied_id: str, digest: str | None, on: date | None = None) -> Plan:
    """Carries out ``plan_revert``; a plan is taken back once. Raises as ``apply``."""
    wait_for_others(work)
    planned = plan_revert(work, host, applied_id, on)
    applied, _ = undoings(work, applied_id)
    return carry_out(work, host, planned, digest, _reason(applied))


def _reason(applied: Applied) -> str:
    return f"membatalkan {applied.id}"


def _against(applied: Applied, changes: Sequence[Undoing]) -> Iterator[Finding]:
    if applied.reverted_by:
        yield Finding("", _ALREADY.format(id=applied.reverted_by), is_blocking=True)
    if len(changes) < applied.size:
        yield Finding("", _BEYOND.format(count=applied.size - len(changes)), is_blocking=True)


def _by_other_door(world: Configured, changes: Sequence[Undoing], door: str) -> Iterator[Finding]:
    for code in sorted({one.change.facility or one.change.region for one in changes} - {""}):
        place = world.units.get(code) or world.regions.get(code)
        if place is not None and place.managed_by != door:
            said = by_files(place.name) if door == "web" else _BY_WEB.format(name=place.name)
            yield Finding(code, said, is_blocking=True)


def _stands(world: Configured, one: Undoing) -> bool:
    """Whether what the plan recorded is what is recorded for that day still."""
    assert one.field is not None
    assert one.after is not None
    known = on_day(world.timelines.get(one.field, ()), one.after.valid_from)
    return (known or Setting(None if one.field.name else False, one.after.valid_from)).is_like(one.after)


def _changed_since(world: Configured, one: Field, change: Change) -> Finding:
    known = on_day(world.timelines.get(one, ()), change.valid_from or date.max)
    when = known.recorded_at if known is not None else None
    sentence = _AGAIN.format(
        what=change.what,
        actor=known.actor if known is not None else "–",
        at_id=format_moment(when, _ZONE) if when else "–",
        at_en=format_moment(when, _ZONE, "en") if when else "–",
    )
    return Finding(one.place, sentence, is_blocking=True, plugin=one.plugin, field=one.name)


def _with_fields(known: Mapping[K, R], back: Mapping[K, Mapping[str, Any]]) -> list[R]:
    return [replace(known[key], **some) for key, some in back.items() if some]


def _records(world: Recorded, changes: Sequence[Change]) -> tuple[Writes, list[Change], list[Finding]]:
    """Records that were changed get their fields back; what was made stays, as nothing is ever deleted."""
    writes, done, findings = Writes(), list[Change](), list[Finding]()
    facilities: defaultdict[str, dict[str, object]] = defaultdict(dict)
    regions: defaultdict[str, dict[str, object]] = defaultdict(dict)
    officials: defaultdict[tuple[str, str, date], dict[str, object]] = defaultdict(dict)
    for change in changes:
        kind, _, name = change.what.partition(".")
        back: dict[str, object] | None = None
        now: object = None
        if kind == "facility" and name and change.facility in world.facilities:
            back, now = facilities[change.facility], getattr(world.facilities[change.facility], name)
        elif kind == "region" and name and change.region in world.regions:
            back, now = regions[change.region], getattr(world.regions[change.region], name)
        elif kind == "official" and "." in name and change.valid_from is not None:
            role, _, name = name.partition(".")
            key = (change.facility, role, change.valid_from)
            back, now = officials[key], getattr(world.officials[key], name)
        place = change.facility or change.region
        if back is None:
            findings.append(Finding(place, _STAYS.format(what=change.what)))
        elif replace(change, new=now).as_json()["new"] != change.new:
            findings.append(Finding(place, _AGAIN_RECORD.format(what=change.what), is_blocking=True))
        else:
            back[name] = _as_kept(change.old, name)
            done.append(replace(change, old=change.new, new=change.old))
    writes.facilities = _with_fields(world.facilities, facilities)
    writes.regions = _with_fields(world.regions, regions)
    writes.officials = _with_fields(world.officials, officials)
    return writes, done, findings


def _as_kept(value: object, name: str) -> object:
    """JSON as the record has it."""
    if isinstance(value, list):
        return tuple(value)
    dated = name in {"valid_until", "name_from", "opened_on", "closed_on"}
    return date.fromisoformat(value) if dated and isinstance(value, str) else value


_ALREADY = Text(
    id="Rencana ini sudah dibatalkan ({id}). Batalkan rencana itu bila hendak dikembalikan.",
    en="This plan was taken back already ({id}). Take that one back to have it again.",
)
_BEYOND = Text(
    id="Rencana ini juga mengubah {count} hal di luar jangkauan Anda; minta kantor yang berwenang membatalkannya.",
    en="This plan also changed {count} things beyond your reach; ask the office in charge to take it back.",
)
_BY_WEB = Text(
    id="{name} dikelola melalui web. Batalkan melalui web, atau serahkan pengelolaannya kepada berkas.",
    en="{name} is managed through the web. Take it back there, or hand it over to the files.",
)
_AGAIN = Text(
    id="{what} sudah diubah lagi oleh {actor} pada {at_id}; batalkan perubahan itu lebih dahulu, atau ubah nilainya langsung.",
    en="{what} was changed again by {actor} on {at_en}; take that change back first, or change the value itself.",
)
_AGAIN_RECORD = Text(
    id="{what} sudah diubah lagi sejak rencana itu; ubah nilainya langsung.",
    en="{what} was changed again since that plan; change the value itself.",
)
_STAYS = Text(
    id="{what} tetap ada: yang sudah dibuat tidak dihapus.",
    en="{what} stays: what was made is not deleted.",
)
