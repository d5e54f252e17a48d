"""What becomes of the configuration at every facility: by the same layers and the same checks that resolve it at work."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from guyub.host.config_layers import Origin
from guyub.host.config_preview import Shown, shown
from guyub.host.config_rows import LAYERS
from guyub.host.plugin_host import PluginHost
from guyub.provisioning.configured import Configured, Unit
from guyub.provisioning.declared import Field, Setting
from guyub.provisioning.findings import Finding
from guyub.provisioning.layered import At, places, rows_added
from guyub.provisioning.objections import Checked, hidden, invalid, locked
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

Kind = Literal["changes", "same", "keeps_its_own", "loses_its_own"]


@dataclass(frozen=True, slots=True)
class Effective:
    """What becomes of one field at one facility from a day on: the value in effect and its origin, before and after.

    ``active``: whether the plugin runs there on that day, the plan applied. Secrets are masked.
    """

    facility: str
    region: str
    plugin: str
    field: str
    on: date
    before: Shown
    after: Shown
    kind: Kind
    active: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "facility": self.facility,
            "region": self.region,
            "what": f"config.{self.plugin}.{self.field}",
            "valid_from": self.on.isoformat(),
            "kind": self.kind,
            "active": self.active,
            "old": self.before.value,
            "new": self.after.value,
            "old_origin": _origin_as_json(self.before.origin),
            "new_origin": _origin_as_json(self.after.origin),
        }


def _origin_as_json(origin: Origin) -> dict[str, Any]:
    return {
        "layer": origin.layer,
        "place": origin.place.id,
        "since": origin.since.isoformat() if origin.since else None,
        "locked": origin.locked,
        "by": origin.actor,
    }


def effects(
    host: PluginHost,
    world: Configured,
    units: Mapping[str, Unit],
    writes: Sequence[tuple[Field, Setting]],
    actor: str,
    *,
    everywhere: bool,
) -> tuple[list[Effective], list[Finding]]:
    """By facility, plugin, day and field. No query.

    ``units`` are the facilities as the plan leaves them. ``everywhere`` also tells what was wrong before, at facilities
    that the plan does not touch; that stands against nothing.
    """
    checked = Checked(host.protector)
    added = rows_added(host, world, writes, actor)
    switched: defaultdict[Field, list[Setting]] = defaultdict(list)
    for one, setting in writes:
        if not one.name:
            switched[one].append(setting)
    found: list[Effective] = []
    findings: list[Finding] = []
    for at in places(host, world, units, added, switched):
        if not at.is_changed and not (everywhere and at.is_active(world.today)):
            continue
        try:
            if at.is_changed:
                found += _of(at)
                findings += locked(at, world)
            findings += invalid(at, world.today, checked)
            findings += hidden(at, world)
        except Refusal as refusal:
            sentence = Text(id=f"{refusal.what.id} {refusal.remedy.id}", en=f"{refusal.what.en} {refusal.remedy.en}")
            findings.append(Finding(at.unit.code, sentence, is_blocking=False, plugin=at.plugin.slug))
    return found, findings


def _of(at: At) -> Iterator[Effective]:
    for day in sorted({row.valid_from for rows in at.added for row in rows}):
        before, after = at.state(day, planned=False), at.state(day, planned=True)
        begins = {row.field: depth for depth, rows in enumerate(at.added) for row in rows if row.valid_from == day}
        for name, depth in begins.items():
            was, becomes = shown(at.plugin, before, name), shown(at.plugin, after, name)
            yield Effective(
                at.unit.code, at.unit.region, at.plugin.slug, name, day, was, becomes, _kind(was, becomes, depth),
                at.is_active(day),
            )  # fmt: skip


def _kind(was: Shown, becomes: Shown, depth: int) -> Kind:
    if becomes.origin.layer in LAYERS[depth + 1 :]:
        return "keeps_its_own"
    if was.origin.layer in LAYERS[depth + 1 :] and becomes.origin.locked and was.value != becomes.value:
        return "loses_its_own"
    return "same" if was.value == becomes.value else "changes"
