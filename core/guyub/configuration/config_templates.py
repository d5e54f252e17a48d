"""Templates of configuration ("small rutan", "large lapas"): values of plugins with a name, of a region or of the nation.

A template is copied where it is applied; changing it later changes no facility.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Label, Select, func, insert, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.access import audit
from guyub.access.audit import AuditEntry
from guyub.configuration.management import facilities_of
from guyub.configuration.merge import merged, shown
from guyub.configuration.models import ConfigTemplateModel
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.configuration.secret_values import secret_fields
from guyub.configuration.store import stored_at
from guyub.db import limits
from guyub.db.models import FacilityModel
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid, Refusal

TemplateValues = Mapping[str, Mapping[str, Any]]
"""By plugin and field, as JSON; never a secret."""


@dataclass(frozen=True, slots=True)
class ConfigTemplate:
    """A template has a name and values; the nation keeps those that are ``is_national``, for all regions."""

    id: UUID
    name: str
    note: str
    values: TemplateValues
    is_national: bool
    recorded_at: datetime
    actor: str

    @property
    def count(self) -> int:
        return sum(len(fields) for fields in self.values.values())


def templates(work: Work, region_id: UUID) -> list[ConfigTemplate]:
    """Returns those that a region may use, by name, its own before the nation's; one query."""
    newest, is_national = _newest(
        or_(col(ConfigTemplateModel.region_id).is_(None), col(ConfigTemplateModel.region_id) == region_id)
    )
    order = (func.lower(col(newest.name)), is_national)
    return work.rows(ConfigTemplate, _read(newest, is_national).where(~col(newest.retired)).order_by(*order))


def _newest(where: ColumnElement[bool]) -> tuple[type[ConfigTemplateModel], ColumnElement[bool]]:
    """Returns the newest version of each template that the condition takes, and whether it is the nation's."""
    names = (col(ConfigTemplateModel.region_id), col(ConfigTemplateModel.name))
    versions = (
        select(ConfigTemplateModel)
        .where(where)
        .ext(distinct_on(*names))
        .order_by(*names, col(ConfigTemplateModel.seq).desc())
        .subquery()
    )
    newest = aliased(ConfigTemplateModel, versions)
    return newest, col(newest.region_id).is_(None).label("is_national")


def _read(newest: type[ConfigTemplateModel], is_national: ColumnElement[bool]) -> Select[Any]:
    values: Label[dict[str, Any]] = col(newest.plugin_values).label("values")
    of = (col(newest.id), col(newest.name), col(newest.note), values, is_national)
    return select(*of, col(newest.recorded_at), col(newest.actor))


def template(work: Work, region_id: UUID, id: str) -> ConfigTemplate:
    """Raises ``NotFound``, and ``Replaced`` for a version that is no longer the newest."""
    known = templates(work, region_id)
    current = next((template for template in known if str(template.id) == id), None)
    if current is None:
        newer = _newer(work, known, region_id, id)
        if newer is not None:
            raise Replaced(newer)
        raise ConfigurationRefusal.UNKNOWN_TEMPLATE.not_found()
    return current


class Replaced(Refusal):
    """Refuses a version of a template that ``newest`` has replaced."""

    def __init__(self, newest: ConfigTemplate) -> None:
        self.newest = newest
        super().__init__(*ConfigurationRefusal.TEMPLATE_REPLACED.sentences(name=newest.name, who=newest.actor or "–"))


def _newer(work: Work, known: Sequence[ConfigTemplate], region_id: UUID, id: str) -> ConfigTemplate | None:
    """Returns the template that is of the same name and keeper as a former version."""
    try:
        version = UUID(id)
    except ValueError:
        return None
    former = select(col(ConfigTemplateModel.name), col(ConfigTemplateModel.region_id)).where(
        col(ConfigTemplateModel.id) == version
    )
    for name, keeper in work.all(
        former.where(or_(col(ConfigTemplateModel.region_id).is_(None), col(ConfigTemplateModel.region_id) == region_id))
    ):
        return next((item for item in known if (item.name, item.is_national) == (name, keeper is None)), None)
    return None


def decides_nation(work: Work) -> bool:
    """Returns whether the actor keeps templates for all regions; one query."""
    return bool(work.scalar(select(func.guyub.may_configure(None, None))))


def keep(work: Work, region_id: UUID | None, name: str, note: str, values: TemplateValues) -> None:
    """Records a version of the template of that name, of a region or (None) for all. Raises ``Invalid`` without a name or
    without values, ``Forbidden`` for who does not configure that region, or the nation."""
    work.require("facilities.configure")
    name = " ".join(name.split())
    if not name:
        raise ConfigurationRefusal.TEMPLATE_NAME.invalid("name")
    if sentences := limits.too_long(name, _MOST_NAME):
        raise Invalid(ConfigurationRefusal.TEMPLATE_NAME, *sentences, "name")
    if not any(values.values()):
        raise ConfigurationRefusal.TEMPLATE_VALUES.invalid("values")
    if sentences := limits.too_long(note.strip(), _MOST_NOTE):
        raise Invalid(ConfigurationRefusal.TEMPLATE_NOTE, *sentences, "note")
    _demand_own_name(work, region_id, name)
    _record(work, region_id, name, note.strip(), values, retired=False)


def _demand_own_name(work: Work, region_id: UUID | None, name: str) -> None:
    """Raises ``Invalid`` for a name that another template of the same keeper has but for its capitals; the database refuses
    the same."""
    newest, _ = _newest(col(ConfigTemplateModel.region_id).is_not_distinct_from(region_id))
    name_of = col(newest.name)
    alike = select(name_of).where(~col(newest.retired), func.lower(name_of) == func.lower(name), name_of != name)
    known = work.scalar(alike)
    if known is not None:
        raise ConfigurationRefusal.TEMPLATE_OF_THAT_NAME.invalid("name", name=known)


def retire(work: Work, region_id: UUID, current: ConfigTemplate) -> None:
    """Takes a template off the list; what was applied stays. The nation's are not a region's to take off."""
    work.require("facilities.configure")
    if current.is_national and not decides_nation(work):
        raise ConfigurationRefusal.NATIONAL_TEMPLATE.invalid()
    _record(work, None if current.is_national else region_id, current.name, current.note, current.values, retired=True)


def _record(work: Work, region_id: UUID | None, name: str, note: str, values: TemplateValues, *, retired: bool) -> None:
    row = {"region_id": region_id, "name": name, "note": note, "plugin_values": values, "retired": retired}
    work.session.execute(insert(ConfigTemplateModel).values(row))
    chains = facilities_of(work, *([col(FacilityModel.region_id) == region_id] if region_id is not None else []))
    action = "facilities.template_retired" if retired else "facilities.template"
    details = {"plugins": sorted(values)}
    audit.record_many(work, [AuditEntry(chain, action, name, details) for chain in chains])


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """Holds the ``values`` in effect at a facility, and as "plugin.field" those that it has set itself (``own``)."""

    values: TemplateValues
    own: frozenset[str]


def values_at(work: Work, plugins: PluginRegistry, facility_id: UUID, on: date) -> TemplateSource:
    """Returns the values of the plugins that run there, without secrets and what a layer above locks. Two queries."""
    stored = stored_at(work, facility_id, on)
    by_plugin: dict[str, dict[str, Any]] = {}
    own: set[str] = set()
    for slug in plugins.active(work, facility_id, on):
        plugin = plugins.ready().get(slug)
        if plugin is None:
            continue
        state = merged(plugin, stored.of(slug), on)
        free = [
            name
            for name in plugin.config.model_fields
            if name not in secret_fields(plugin.config)
            and not (name in state.origins and state.origins[name].locked and state.origins[name].layer != "facility")
        ]
        values = {name: shown(plugin, state, name).value for name in free}
        by_plugin[slug] = {name: value for name, value in values.items() if value is not None}
        own |= {
            f"{slug}.{name}"
            for name, origin in state.origins.items()
            if origin.layer == "facility" and name in by_plugin[slug]
        }
    return TemplateSource(by_plugin, frozenset(own))


_MOST_NAME, _MOST_NOTE = 60, 300
