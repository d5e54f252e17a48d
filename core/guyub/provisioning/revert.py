"""Taking an applied plan back: what held before is recorded anew for the same days; nothing is ever deleted."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from guyub.access import required_reason
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning.apply import carry_out, wait_for_others
from guyub.provisioning.change_request import by_files
from guyub.provisioning.change_text import named, taking_back
from guyub.provisioning.current import current_state
from guyub.provisioning.current_configuration import CurrentConfiguration
from guyub.provisioning.desired import Setting, SettingKey
from guyub.provisioning.plan_findings import PlanFinding
from guyub.provisioning.plan_history import AppliedPlan, RevertStep, undoings
from guyub.provisioning.plan_model import Plan, PlannedChange, digest_of
from guyub.provisioning.refusals import ProvisioningRefusal
from guyub.provisioning.revert_records import records_back
from guyub.provisioning.timelines import on_day
from guyub.provisioning.web_plan import plan_settings
from guyub.sdk.text import Text
from guyub.sdk.words import format_moment

_NOTHING = PlannedChange("national", "", "", "", None, None)
_ZONE = "Asia/Jakarta"
MOST_REASON = 300
"""Letters of a reason: what is taken back stands before it in the same text."""


def plan_revert(work: Work, host: PluginRegistry, applied_id: str, on: date | None = None, *, reason: str = "") -> Plan:
    """What taking it back would change; nothing is written. A person takes back by the web, the command line by the door
    by which the plan came. What was changed again since stands against it. Raises ``NotFound``, ``Forbidden``.

    ``reason`` stands beside each value that is put back, after which change it takes back.
    """
    work.require("facilities.configure")
    applied, changes = undoings(work, applied_id)
    world = current_state(work, host)
    door = applied.door if work.is_system else "web"
    findings = [*_against(applied, changes), *_by_other_door(world.configured, changes, door)]
    wanted, why = [], taking_back(applied, host, reason)
    for change in changes:
        if change.field is not None:
            if _stands(world.configured, change):
                assert change.before is not None
                wanted.append((change.field, replace(change.before, reason=why)))
            else:
                findings.append(_changed_since(host, world.configured, change.field, change.change))
    planned = plan_settings(work, host, world.configured, wanted, findings, door=door, on=on, reverts=applied.id)
    records = [change.change for change in changes if change.field is None]
    writes, done, told = records_back(world, host, records, by_system=work.is_system)
    every, findings = (*done, *planned.changes), [*planned.findings, *told]
    writes.settings = planned.writes.settings
    return replace(
        planned,
        # Two plans may have changed the same: taking back the one is not taking back the other.
        digest=digest_of(
            door,
            planned.today,
            world.configured.epoch,
            [replace(_NOTHING, what=applied.id), *every],
            planned.consequences,
            findings,
        ),
        changes=every,
        findings=tuple(findings),
        writes=writes,
    )


def revert(
    work: Work, host: PluginRegistry, applied_id: str, digest: str | None, on: date | None = None, *, reason: str
) -> Plan:
    """Carries out ``plan_revert``; a plan is taken back once. Raises as ``apply``, and ``Invalid`` (field ``reason``) where a
    person gives no reason."""
    if not work.is_system or reason:
        reason = required_reason.require_reason(ProvisioningRefusal.NO_REASON, reason, most=MOST_REASON)
    wait_for_others(work)
    planned = plan_revert(work, host, applied_id, on, reason=reason)
    applied, _ = undoings(work, applied_id)
    return carry_out(work, host, planned, digest, taking_back(applied, host, reason))


def _against(applied: AppliedPlan, changes: Sequence[RevertStep]) -> Iterator[PlanFinding]:
    if applied.reverted_by:
        yield PlanFinding("", _ALREADY.format(id=applied.reverted_by), is_blocking=True)
    if len(changes) < applied.size:
        yield PlanFinding("", _BEYOND.format(count=applied.size - len(changes)), is_blocking=True)


def _by_other_door(world: CurrentConfiguration, changes: Sequence[RevertStep], door: str) -> Iterator[PlanFinding]:
    for code in sorted({change.change.facility or change.change.region for change in changes} - {""}):
        place = world.units.get(code) or world.regions.get(code)
        if place is not None and place.managed_by != door:
            said = by_files(place.name) if door == "web" else _BY_WEB.format(name=place.name)
            yield PlanFinding(code, said, is_blocking=True)


def _stands(world: CurrentConfiguration, one: RevertStep) -> bool:
    """Whether what the plan recorded is what is recorded for that day still."""
    assert one.field is not None
    assert one.after is not None
    known = on_day(world.timelines.get(one.field, ()), one.after.valid_from)
    return (known or Setting(None if one.field.name else False, one.after.valid_from)).is_like(one.after)


def _changed_since(
    host: PluginRegistry, world: CurrentConfiguration, one: SettingKey, change: PlannedChange
) -> PlanFinding:
    known = on_day(world.timelines.get(one, ()), change.valid_from or date.max)
    when = known.recorded_at if known is not None else None
    sentence = _AGAIN.format(
        what=named(change, host)[0],
        actor=known.actor if known is not None else "–",
        at_id=format_moment(when, _ZONE) if when else "–",
        at_en=format_moment(when, _ZONE, "en") if when else "–",
    )
    return PlanFinding(one.place, sentence, is_blocking=True, plugin=one.plugin, field=one.name)


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
