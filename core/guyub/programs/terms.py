"""The terms of a month that is planned, its quota and its package, follow what came since it was opened, within the locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.configuration.merge import ValueOrigin
from guyub.configuration.resolution import Resolved, resolve
from guyub.configuration.validation import validated_for
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycle_facts, packages
from guyub.programs.cycles import Cycle, demand_version, lock_in_state, reference, write
from guyub.programs.models import PackageLine
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.config import Config
from guyub.sdk.errors import Invalid
from guyub.sdk.money import format_rupiah
from guyub.sdk.program import ProgramContext, ProgramType
from guyub.sdk.text import Amount, Text

QUOTA = "quota"
"""The field of a programme's configuration that a month's own quota stands for."""


@dataclass(frozen=True, slots=True)
class PresentTerms:
    """What the configuration says now of a planned month: its quota and the lines of its package, beside those of the month.

    ``quota_origin`` says where the quota comes from; where it is locked the month follows it and takes no other.
    """

    quota: int
    quota_origin: ValueOrigin | None
    package: Sequence[Text]
    package_of_month: Sequence[Text]
    value: int
    value_of_month: int

    @property
    def quota_is_locked(self) -> bool:
        return self.quota_origin is not None and self.quota_origin.locked

    @property
    def package_differs(self) -> bool:
        return [(line.id, line.en) for line in self.package] != [(line.id, line.en) for line in self.package_of_month]


def present(work: Work, plugins: PluginRegistry, cycle: Cycle, today: date) -> PresentTerms:
    """Returns what the configuration says of a month on its first day, or today where that is later."""
    kind, resolved = _configured(work, plugins, cycle, today)
    rows = packages.package_rows(kind.package(ProgramContext(resolved.config, work.here, cycle.period)))
    every_line = cycle_facts.package(work, cycle)
    of_month = [line for line in every_line if not line.reason]
    return PresentTerms(
        kind.quota(resolved.config),
        resolved.origins.get(QUOTA),
        [_line(_name(row), row["quantity"], row["unit"] or "", row["price"], row["per_member"]) for row in rows],
        [_line(line.item, line.quantity, line.unit, line.price, line.per_member) for line in of_month],
        sum(round(row["quantity"] * row["price"]) for row in rows),
        sum(line.value for line in every_line),
    )


def set_terms(
    work: Work,
    plugins: PluginRegistry,
    cycle: Cycle,
    today: date,
    *,
    quota: int,
    follows_package: bool,
    reason: str,
    version: int | None = None,
) -> None:
    """Gives a planned month another quota, and the package of the present configuration where ``follows_package``.

    The list stays as it is selected: what is too much or too little of it shows before the proposal. ``version`` is that of the
    month as it was read, None where it is read here. Raises ``Invalid`` for a quota that the configuration does not allow or a
    layer above has locked, without a reason, and where nothing would change; ``Refusal`` when another version stands.
    """
    work.require("programs.open")
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON_FOR_TERMS, reason)
    lock_in_state(work, cycle, "planned")
    read = demand_version(work, cycle, version)
    now = present(work, plugins, cycle, today)
    follows_package = follows_package and now.package_differs
    if quota == cycle.quota and not follows_package:
        raise ProgramsRefusal.NO_NEW_TERMS.invalid(QUOTA)
    kind, resolved = _configured(work, plugins, cycle, today)
    if quota != cycle.quota:
        _demand_quota(plugins, cycle, resolved, now, quota)
        write(work, cycle, quota=quota, decided_version=read)
    if follows_package:
        work.change(delete(PackageLine).where(col(PackageLine.cycle_id) == cycle.id, col(PackageLine.reason) == ""))
        packages.write(work, cycle.id, kind, ProgramContext(resolved.config, work.here, cycle.period))
    audit.record(
        work,
        "programs.set_terms",
        reference(cycle),
        reason=reason,
        details={"quota_before": cycle.quota, "quota": quota, "package": follows_package},
    )


def _configured(work: Work, plugins: PluginRegistry, cycle: Cycle, today: date) -> tuple[ProgramType[Any], Resolved]:
    plugin = plugins.plugin(cycle.plugin)
    day = max(cycle.period, today)
    return (
        plugins.program_type(cycle.plugin, cycle.program_type),
        resolve(work, plugin, work.here.id, day, protector=plugins.protector),
    )


def _demand_quota(plugins: PluginRegistry, cycle: Cycle, resolved: Resolved, now: PresentTerms, quota: int) -> None:
    """Raises ``Invalid`` for a quota that the programme's own configuration would not take, or a lock forbids."""
    origin = now.quota_origin
    if origin is not None and origin.locked and quota != now.quota:
        raise ProgramsRefusal.QUOTA_LOCKED.invalid(
            QUOTA, quota=quota, origin=origin.sentence, kept=now.quota, keeper=origin.kept_by
        )
    values = _values(resolved.config) | {QUOTA: quota}
    if origin is None:
        return  # the programme counts its quota in another way: the range is the database's
    config, problems = validated_for(plugins.plugin(cycle.plugin), values)
    if config is None:
        raise Invalid(ProgramsRefusal.NO_NEW_TERMS, problems[0].sentence, Text.same(""), QUOTA)


def _values(config: Config) -> dict[str, Any]:
    return {name: getattr(config, name) for name in type(config).model_fields}


def _name(row: dict[str, Any]) -> Text:
    return Text(**row["label"]) if row["label"] else Text.same(row["name"])


def _line(name: Text, quantity: Any, unit: str, price: int, per_member: bool) -> Text:
    """Returns a line of a package in words, by which two packages are compared."""
    if not unit:
        return Text.join(" ", (name, format_rupiah(price)))
    each = Text(id=" per jiwa", en=" per member") if per_member else ""
    return Text(id="{name} {quantity}{each} @ {price}", en="{name} {quantity}{each} @ {price}").format(
        name=name, quantity=Amount(quantity, unit), each=each, price=format_rupiah(price)
    )
