"""Taking an applied plan back: what held before is recorded anew for the same days; nothing is ever deleted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from guyub.access import required_reason
from guyub.configuration.apply import carry_out, wait_for_others
from guyub.configuration.change_request import Change
from guyub.configuration.change_text import named, taking_back
from guyub.configuration.issues import Issue
from guyub.configuration.plan import Plan, digest_of
from guyub.configuration.plan_history import AppliedPlan, applied_plan
from guyub.configuration.planning import plan_changes
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.configuration.revert_records import records_back
from guyub.configuration.settings import Setting
from guyub.configuration.state import ConfigurationState, configuration_state
from guyub.configuration.steps import Step
from guyub.configuration.timelines import on_day
from guyub.db.unit_of_work import Work
from guyub.facilities.record_set import recorded
from guyub.facilities.refusals import FacilitiesRefusal
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text
from guyub.sdk.words import format_moment

_ZONE = "Asia/Jakarta"
MOST_REASON = 300
"""Letters of a reason: what is taken back stands before it in the same text."""


def plan_revert(
    work: Work, plugins: PluginRegistry, applied_id: str, on: date | None = None, *, reason: str = ""
) -> Plan:
    """Returns what taking a plan back would change; nothing is written. A person takes back by the web, the command
    line by the door by which the plan came. What was changed again since blocks it. Raises ``NotFound``, ``Forbidden``.

    ``reason`` stands beside each value that is put back, after which change it takes back.
    """
    work.require("facilities.configure")
    applied = applied_plan(work, applied_id)
    state = configuration_state(work, plugins)
    door = applied.door if work.is_system else "web"
    issues = [*_against(applied), *_by_other_door(state, applied, door)]
    why = taking_back(applied, plugins, reason)
    wanted = list[Change]()
    for step in applied.steps:
        if _stands(state, step):
            wanted.append(Change(step.target, replace(_before(step), reason=why)))
        else:
            issues.append(_changed_since(plugins, state, step))
    planned = plan_changes(work, plugins, state, wanted, issues, door=door, on=on, reverts=applied.id)
    if applied.records:
        writes, records, record_issues = records_back(
            recorded(work), plugins, applied.records, by_system=work.is_system
        )
        planned = replace(planned, writes=writes, records=tuple(records), issues=(*planned.issues, *record_issues))
    return replace(planned, digest=digest_of(planned))


def revert(
    work: Work, plugins: PluginRegistry, applied_id: str, digest: str | None, on: date | None = None, *, reason: str
) -> Plan:
    """Carries out ``plan_revert``; a plan is taken back once. Raises as ``carry_out``, and ``Invalid`` (field ``reason``) where
    a person gives no reason."""
    if not work.is_system or reason:
        reason = required_reason.require_reason(ConfigurationRefusal.NO_REASON, reason, most=MOST_REASON)
    wait_for_others(work)
    planned = plan_revert(work, plugins, applied_id, on, reason=reason)
    return carry_out(work, plugins, planned, digest, taking_back(applied_plan(work, applied_id), plugins, reason))


def _before(step: Step) -> Setting:
    return step.before or Setting(None if step.target.field else False, step.after.valid_from)


def _against(applied: AppliedPlan) -> Iterator[Issue]:
    if applied.reverted_by:
        yield Issue("", _ALREADY.format(id=applied.reverted_by), "blocks")
    missing = applied.size - len(applied.records) - len(applied.steps)
    if missing:
        yield Issue("", _BEYOND.format(count=missing), "blocks")


def _by_other_door(state: ConfigurationState, applied: AppliedPlan, door: str) -> Iterator[Issue]:
    for code in sorted({change.facility or change.region for change in applied.changes} - {""}):
        place = state.units.get(code) or state.regions.get(code)
        if place is not None and place.managed_by != door and door == "web":
            known = FacilitiesRefusal
            kind = known.MANAGED_BY_FILES if code in state.units else known.REGION_VALUES_MANAGED_BY_FILES
            yield Issue.of(code, kind.refusal(name=place.name), without_name=_BY_FILES if code in state.units else None)
        elif place is not None and place.managed_by != door:
            yield Issue(code, _BY_WEB.format(name=place.name), "blocks")


def _stands(state: ConfigurationState, step: Step) -> bool:
    """Returns whether what the plan recorded is what is recorded for that day still."""
    day = step.after.valid_from
    known = on_day(state.timelines.get(step.target, ()), day)
    return (known or Setting(None if step.target.field else False, day)).is_like(step.after)


def _changed_since(plugins: PluginRegistry, state: ConfigurationState, step: Step) -> Issue:
    target = step.target
    known = on_day(state.timelines.get(target, ()), step.after.valid_from)
    when = known.recorded_at if known is not None else None
    text = _AGAIN.format(
        what=named(step.change, plugins)[0],
        actor=known.actor if known is not None else "–",
        at_id=format_moment(when, _ZONE) if when else "–",
        at_en=format_moment(when, _ZONE, "en") if when else "–",
    )
    return Issue(target.place, text, "blocks", target.plugin, target.field)


_ALREADY = Text(
    id="Rencana ini sudah dibatalkan ({id}). Batalkan rencana itu bila hendak dikembalikan.",
    en="This plan was taken back already ({id}). Take that one back to have it again.",
)
_BEYOND = Text(
    id="Rencana ini juga mengubah {count} hal di luar jangkauan Anda; minta kantor yang berwenang membatalkannya.",
    en="This plan also changed {count} things beyond your reach; ask the office in charge to take it back.",
)
_BY_FILES = Text(
    id="Dikelola melalui berkas, sehingga di sini hanya dapat dibaca. Ubah berkasnya lalu jalankan guyub facilities apply, atau"
    " alihkan ke pengelolaan melalui web.",
    en="Managed through files, so it can only be read here. Change the file and run guyub facilities apply, or hand it over to"
    " the web.",
)
"""Where the names of the places stand beside it."""
_BY_WEB = Text(
    id="{name} dikelola melalui web. Batalkan melalui web, atau serahkan pengelolaannya kepada berkas.",
    en="{name} is managed through the web. Take it back there, or hand it over to the files.",
)
_AGAIN = Text(
    id="{what} sudah diubah lagi oleh {actor} pada {at_id}; batalkan perubahan itu lebih dahulu, atau ubah nilainya langsung.",
    en="{what} was changed again by {actor} on {at_en}; take that change back first, or change the value itself.",
)
