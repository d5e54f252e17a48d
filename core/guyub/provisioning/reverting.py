"""Taking an applied plan back: what held before is recorded anew for the same days; nothing is ever deleted."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from guyub.access import reasons
from guyub.db.work import Work
from guyub.host.plugin_host import PluginHost
from guyub.provisioning.applying import carry_out, wait_for_others
from guyub.provisioning.change_words import named, taking_back
from guyub.provisioning.configured import Configured
from guyub.provisioning.declared import Field, Setting
from guyub.provisioning.findings import Finding
from guyub.provisioning.ledger import Applied, Undoing, undoings
from guyub.provisioning.plans import Change, Plan, digest_of
from guyub.provisioning.recorded import recorded
from guyub.provisioning.records_back import records_back
from guyub.provisioning.timelines import on_day
from guyub.provisioning.wanted import by_files
from guyub.provisioning.wishes import plan_settings
from guyub.sdk.text import Text
from guyub.sdk.words import format_moment
from guyub.ui.problems import EMPTY

_NOTHING = Change("national", "", "", "", None, None)
_ZONE = "Asia/Jakarta"
MOST_REASON = 300
"""Letters of a reason: what is taken back stands before it in the same text."""


def plan_revert(
    work: Work, host: PluginHost, applied_id: str, on: date | None = None, *, reason: str = ""
) -> Plan:  # fmt: skip
    """What taking it back would change; nothing is written. A person takes back by the web, the command line by the door
    by which the plan came. What was changed again since stands against it. Raises ``NotFound``, ``Forbidden``.

    ``reason`` stands beside each value that is put back, after which change it takes back.
    """
    work.require("facilities.configure")
    applied, changes = undoings(work, applied_id)
    world = recorded(work, host)
    door = applied.door if work.is_system else "web"
    findings = [*_against(applied, changes), *_by_other_door(world.configured, changes, door)]
    wanted, why = [], taking_back(applied, host, reason)
    for one in changes:
        if one.field is not None:
            if _stands(world.configured, one):
                assert one.before is not None
                wanted.append((one.field, replace(one.before, reason=why)))
            else:
                findings.append(_changed_since(host, world.configured, one.field, one.change))
    planned = plan_settings(work, host, world.configured, wanted, findings, door=door, on=on, reverts=applied.id)
    records = [one.change for one in changes if one.field is None]
    writes, done, told = records_back(world, host, records, by_system=work.is_system)
    every, findings = (*done, *planned.changes), [*planned.findings, *told]
    writes.settings = planned.writes.settings
    return replace(
        planned,
        # Two plans may have changed the same: taking back the one is not taking back the other.
        digest=digest_of(
            door, planned.today, world.configured.epoch, [replace(_NOTHING, what=applied.id), *every],
            planned.consequences, findings,
        ),
        changes=every,
        findings=tuple(findings),
        writes=writes,
    )  # fmt: skip


def revert(
    work: Work, host: PluginHost, applied_id: str, digest: str | None, on: date | None = None, *, reason: str
) -> Plan:  # fmt: skip
    """Carries out ``plan_revert``; a plan is taken back once. Raises as ``apply``, and ``Invalid`` (field ``reason``) where a
    person gives no reason."""
    if not work.is_system or reason:
        reason = reasons.demand("provisioning.no_reason", reason, *EMPTY, most=MOST_REASON)
    wait_for_others(work)
    planned = plan_revert(work, host, applied_id, on, reason=reason)
    applied, _ = undoings(work, applied_id)
    return carry_out(work, host, planned, digest, taking_back(applied, host, reason))


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


def _changed_since(host: PluginHost, world: Configured, one: Field, change: Change) -> Finding:
    known = on_day(world.timelines.get(one, ()), change.valid_from or date.max)
    when = known.recorded_at if known is not None else None
    sentence = _AGAIN.format(
        what=named(change, host)[0],
        actor=known.actor if known is not None else "–",
        at_id=format_moment(when, _ZONE) if when else "–",
        at_en=format_moment(when, _ZONE, "en") if when else "–",
    )
    return Finding(one.place, sentence, is_blocking=True, plugin=one.plugin, field=one.name)


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
