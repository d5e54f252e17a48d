"""Changes of many facilities at once through the web: planned, applied and taken back like files, by people too."""

from collections.abc import Iterator, Sequence, Set
from datetime import date

from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning.apply import carry_out, wait_for_others
from guyub.provisioning.change_request import ChangeRequest, RequestedSetting, settings_of
from guyub.provisioning.consequences import consequences
from guyub.provisioning.current_configuration import CurrentConfiguration, current_configuration
from guyub.provisioning.desired import Setting, SettingKey
from guyub.provisioning.impact import effects
from guyub.provisioning.plan_findings import PlanFinding
from guyub.provisioning.plan_model import Plan, PlanDoor, PlannedChange, WriteSet, change_of, digest_of
from guyub.provisioning.timelines import on_day, with_added
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.model_fields import fields_of


def plan_requests(work: Work, host: PluginRegistry, wishes: Sequence[ChangeRequest], on: date | None = None) -> Plan:
    """What they would change, and what stands against it; nothing is written. Eight queries at most.

    A value recorded for a later day stays, with a finding. Raises ``Forbidden`` for who may not configure.
    """
    work.require("facilities.configure")
    world = current_configuration(work, host)
    findings: list[PlanFinding] = []
    wanted = [pair for wish in wishes for pair in settings_of(host, world, wish, findings)]
    return plan_settings(work, host, world, wanted, findings, door="web", on=on)


def apply_requests(
    work: Work, host: PluginRegistry, wishes: Sequence[ChangeRequest], digest: str | None, on: date | None = None
) -> Plan:
    """Carries out the plan that somebody has read, whole, with a plan to take it back; nothing to do writes nothing.

    Raises ``Refusal`` when a finding stands against it, and when it is another plan by now.
    """
    wait_for_others(work)
    planned = plan_requests(work, host, wishes, on)
    reasons = dict.fromkeys(wish.reason for wish in wishes if wish.reason)
    return carry_out(work, host, planned, digest, "; ".join(reasons))


def plan_settings(
    work: Work,
    host: PluginRegistry,
    world: CurrentConfiguration,
    wanted: Sequence[RequestedSetting],
    findings: Sequence[PlanFinding],
    *,
    door: PlanDoor,
    on: date | None = None,
    reverts: str = "",
) -> Plan:
    """A plan of settings alone, each from its day until the next recorded one. What is blocked already is not judged again."""
    today = on or world.today
    writes, have, changes, told = WriteSet(), list[Setting | None](), list[PlannedChange](), list(findings)
    timelines = dict(world.timelines)
    asked = {(one, want.valid_from) for one, want in wanted}
    for one, want in wanted:
        timeline = timelines.get(one, ())
        known = on_day(timeline, want.valid_from)
        if (known or Setting(None if one.name else False, want.valid_from)).is_like(want):
            continue
        timelines[one] = tuple(with_added(timeline, [want]))
        writes.settings.append((one, want))
        have.append(on_day(world.timelines.get(one, ()), want.valid_from))
        region = world.units[one.place].region if one.layer == "facility" else one.place
        changes.append(change_of(region, one, known, want))
        if not reverts:
            told += _later(host, one, want, timeline, asked)
    becomes, spoilt = effects(host, world, world.units, writes.settings, work.login, everywhere=False)
    told += spoilt
    touched = consequences(work, host.titles(), writes.settings, becomes)
    return Plan(
        digest=digest_of(door, today, world.epoch, changes, touched, told),
        door=door,
        today=today,
        changes=tuple(changes),
        findings=tuple(told),
        writes=writes,
        effects=tuple(becomes),
        consequences=touched,
        reverts=reverts,
        have=tuple(have),
    )


def _later(
    host: PluginRegistry,
    one: SettingKey,
    want: Setting,
    timeline: Sequence[Setting],
    asked: Set[tuple[SettingKey, date]],
) -> Iterator[PlanFinding]:
    """What is recorded for a later day, and is not among what is ``asked`` for as well."""
    later = next((known for known in timeline if known.valid_from > want.valid_from), None)
    if later is not None and (one, later.valid_from) not in asked:
        what = _named(host, one)
        day_id, day_en = format_date(later.valid_from), format_date(later.valid_from, "en")
        sentence = _UNTIL.format(what=what, day_id=day_id, day_en=day_en)
        yield PlanFinding(one.place, sentence, plugin=one.plugin, field=one.name)


def _named(host: PluginRegistry, one: SettingKey) -> Text:
    """What people call it: the plugin, and the field where it is one."""
    plugin = host.plugin(one.plugin)
    title = next((field.title for field in fields_of(plugin.config) if field.name == one.name), None)
    if title is None:
        return plugin.title
    return Text(id="{plugin}: {field}", en="{plugin}: {field}").format(plugin=plugin.title, field=title)


_UNTIL = Text(
    id="{what}: nilai lain sudah tercatat mulai {day_id} dan tetap berlaku sejak hari itu.",
    en="{what}: another value is recorded from {day_en} on, and holds from that day.",
)
