"""Plans what changes would do, by one engine for every door, and applies a plan once somebody has read it."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import date

from guyub.configuration.apply import PlanBlocked, carry_out, wait_for_others
from guyub.configuration.change_request import Change, ChangeRequest, changes_of
from guyub.configuration.change_text import called
from guyub.configuration.consequences import PluginAt, TouchedPlugins, consequences
from guyub.configuration.effects import SettingEffect, effects
from guyub.configuration.goods import goods_issues
from guyub.configuration.issues import Issue
from guyub.configuration.notices import plan_issues
from guyub.configuration.plan import Plan, PlanDoor, digest_of
from guyub.configuration.secret_values import secret_fields
from guyub.configuration.settings import Setting
from guyub.configuration.state import ConfigurationState, configuration_state
from guyub.configuration.steps import PlannedChange, Step
from guyub.configuration.timelines import on_day, with_added
from guyub.db.unit_of_work import Work
from guyub.facilities.record_set import RecordWrites
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text


def plan_requests(
    work: Work, plugins: PluginRegistry, requests: Sequence[ChangeRequest], on: date | None = None
) -> Plan:
    """Returns what they would change, and what blocks it; nothing is written. Eight queries at most.

    A value recorded for a later day stays, with an issue that says so. Raises ``Forbidden`` for who may not configure.
    """
    work.require("facilities.configure")
    state = configuration_state(work, plugins)
    issues: list[Issue] = []
    changes = [change for request in requests for change in changes_of(work, plugins, state, request, issues)]
    return plan_changes(work, plugins, state, changes, issues, door="web", on=on)


def apply_requests(
    work: Work, plugins: PluginRegistry, requests: Sequence[ChangeRequest], digest: str | None, on: date | None = None
) -> Plan:
    """Carries out the plan that somebody has read, whole, with a plan to take it back; nothing to do writes nothing.

    Raises as ``carry_out``.
    """
    wait_for_others(work)
    planned = plan_requests(work, plugins, requests, on)
    reasons = dict.fromkeys(request.reason for request in requests if request.reason)
    return carry_out(work, plugins, planned, digest, "; ".join(reasons))


def change_one(work: Work, plugins: PluginRegistry, asked: ChangeRequest) -> Plan:
    """Applies a change that nobody needs to read first. Raises the refusal of what blocks it, as the first issue
    words it."""
    try:
        return apply_requests(work, plugins, [asked], None)
    except PlanBlocked as blocked:
        raise blocked.issues[0].refusal from blocked


def plan_changes(
    work: Work,
    plugins: PluginRegistry,
    state: ConfigurationState,
    changes: Sequence[Change],
    known: Sequence[Issue],
    *,
    door: PlanDoor,
    on: date | None = None,
    reverts: str = "",
) -> Plan:
    """Returns a plan of settings alone, each from its day until the next recorded one; ``known`` are the issues found
    before."""
    today = on or state.today
    steps, later = _steps(plugins, state, changes)
    becomes, spoilt = effects(plugins, state, state.units, steps, work.login, everywhere=False)
    notices = plan_issues(plugins, state, steps, becomes, today, has_choice=not reverts)
    issues = (*known, *(() if reverts else later), *spoilt, *notices)
    return whole_plan(work, plugins, door, today, steps, becomes, issues, reverts=reverts)


def whole_plan(
    work: Work,
    plugins: PluginRegistry,
    door: PlanDoor,
    today: date,
    steps: Sequence[Step],
    becomes: Sequence[SettingEffect],
    issues: Sequence[Issue],
    *,
    records: Sequence[PlannedChange] = (),
    writes: RecordWrites | None = None,
    reverts: str = "",
) -> Plan:
    """Returns the plan with what it touches and its digest. Two queries at most, none where no plugin is deactivated and no
    value in effect changes; a few more where values name goods."""
    issues = (*issues, *goods_issues(work, plugins, steps, becomes))
    touched = consequences(work, _touched(plugins, steps, becomes))
    plan = Plan("", door, today, tuple(steps), tuple(issues), tuple(becomes), touched, tuple(records))
    plan = replace(plan, writes=writes or RecordWrites(), reverts=reverts)
    return replace(plan, digest=digest_of(plan))


def _touched(plugins: PluginRegistry, steps: Sequence[Step], becomes: Sequence[SettingEffect]) -> TouchedPlugins:
    off = {(step.target.place, step.target.plugin) for step in steps if step.switches_off}
    changed: dict[PluginAt, date | None] = {}
    values: dict[PluginAt, dict[str, object]] = {}
    for effect in becomes:
        if effect.is_change:
            key = (effect.facility, effect.plugin)
            months = [month for month in (changed.get(key), effect.month) if month is not None]
            changed[key] = min(months, default=None)
            values.setdefault(key, {})[effect.field] = effect.after.value
    return TouchedPlugins(plugins.titles(), off, changed, values)


def _steps(
    plugins: PluginRegistry, state: ConfigurationState, changes: Sequence[Change]
) -> tuple[list[Step], list[Issue]]:
    """Returns the steps (what is recorded already is none), and what is recorded for later days and stays."""
    steps, later = list[Step](), list[Issue]()
    timelines = dict(state.timelines)
    asked = {(change.target, change.after.valid_from) for change in changes}
    for target, after in ((change.target, change.after) for change in changes):
        timeline = timelines.get(target, ())
        held = on_day(timeline, after.valid_from)
        if (held or Setting(None if target.field else False, after.valid_from)).is_like(after):
            continue
        timelines[target] = tuple(with_added(timeline, [after]))
        recorded = on_day(state.timelines.get(target, ()), after.valid_from)
        region = state.units[target.place].region if target.layer == "facility" else target.place
        steps.append(Step(target, region, recorded, after, held, _is_secret(plugins, target.plugin, target.field)))
        later += _later(plugins, steps[-1], timeline, asked)
    return steps, later


def _is_secret(plugins: PluginRegistry, slug: str, field: str) -> bool:
    plugin = plugins.ready().get(slug)
    return plugin is not None and field in secret_fields(plugin.config)


def _later(
    plugins: PluginRegistry, step: Step, timeline: Sequence[Setting], asked: Set[tuple[object, date]]
) -> Iterator[Issue]:
    """Yields what is recorded for a later day, and is not among what is ``asked`` for as well."""
    target = step.target
    later = next((known for known in timeline if known.valid_from > step.after.valid_from), None)
    if later is not None and (target, later.valid_from) not in asked:
        text = _UNTIL.format(what=called(step.target.what, plugins), day=later.valid_from)
        yield Issue(target.place, text, plugin=target.plugin, field=target.field)


_UNTIL = Text(
    id="{what}: nilai lain sudah tercatat mulai {day} dan tetap berlaku sejak hari itu.",
    en="{what}: another value is recorded from {day} on, and holds from that day.",
)
