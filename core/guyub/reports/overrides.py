"""Holds what facilities have set for themselves: the fields of a plugin whose value there is not what they would inherit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy import Date, Select, Uuid, and_, column, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.configuration.merge import merged
from guyub.configuration.models import ConfigValue
from guyub.configuration.secret_values import secret_fields
from guyub.configuration.store import StoredValue
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.facilities.models import FacilityName
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.reports.region import Overview, day_in_view
from guyub.reports.region_figures import FacilityPrograms
from guyub.sdk.errors import Refusal
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Amount, Text
from guyub.ui.model_fields import FormField, fields_of, with_unit

_NOTHING = Text(id="tidak diisi", en="not set")


@dataclass(frozen=True, slots=True)
class Override:
    """One field of one plugin: what holds at the facility, and what would hold without its own value."""

    plugin: Text
    field: Text
    own: Text
    inherited: Text


def overrides(
    work: Work, plugins: PluginRegistry, region_id: UUID, places: Sequence[FacilityPrograms], on: date
) -> dict[UUID, list[Override]]:
    """Returns the overrides of the plugins that run at each place, by its id; secrets are left out. One query. On a day
    past each inherits from the region under which it stood on that day.

    On a day past each inherits from the region under which it stood on that day.
    """
    value_text, regions = _rows(work, region_id, on)
    overrides_here = {}
    for place in places:
        overrides_here[place.id] = [
            difference
            for plugin in _ready(plugins, place.plugins)
            if (own := value_text.get((place.id, plugin.slug)))
            for difference in _of_plugin(
                plugin,
                (value_text.get((None, plugin.slug), []), value_text.get((regions[place.id], plugin.slug), [])),
                own,
                on,
            )
        ]
    return overrides_here


def of_view(
    work: Work, plugins: PluginRegistry, region_id: UUID, view: Overview, today: date
) -> dict[UUID, list[Override]]:
    """Returns the overrides at the places of an overview, on the day that it shows. One query."""
    return overrides(work, plugins, region_id, [row.place for row in view.rows], day_in_view(view.period, today))


InheritedRows = tuple[list[StoredValue], list[StoredValue]]


def _rows(
    work: Work, region_id: UUID, on: date
) -> tuple[dict[tuple[UUID | None, str], list[StoredValue]], dict[UUID, UUID]]:
    """Returns what the nation (None), the regions and each facility of the region say of each plugin; and where each of
    these facilities stood on the day."""
    value_text: defaultdict[tuple[UUID | None, str], list[StoredValue]] = defaultdict(list)
    regions: dict[UUID, UUID] = {}
    for row in work.all(_values_at(region_id, on)):
        value_text[row.at, row.plugin].append(part_of(row, StoredValue, office="", code=""))
        if row.layer == "facility":
            regions[row.at] = row.stood
    return value_text, regions


def _values_at(region_id: UUID, on: date) -> Select[*tuple[Any, ...]]:
    """Selects what has begun by a day, of the nation, of the facilities of a region, and of the regions that they stood in."""
    kept, place = ConfigValue, FacilityModel
    membership = func.guyub.region_memberships(col(place.id)).table_valued(
        column("region_id", Uuid), column("since", Date), column("until", Date), name="stood"
    )
    is_then = and_(membership.c.since <= on, or_(membership.c.until.is_(None), membership.c.until > on))
    other = aliased(FacilityModel)
    once_theirs = (
        select(col(FacilityName.region_id))
        .join(other, col(other.id) == col(FacilityName.facility_id))
        .where(col(other.region_id) == region_id)
    )
    names = ("seq", "layer", "plugin", "field", "value", "config_version", "locked", "valid_from", "recorded_at")
    return (
        select(
            *(col(getattr(kept, name)) for name in (*names, "actor", "reason")),
            func.coalesce(col(place.name), col(RegionModel.office_name), "").label("place"),
            func.coalesce(col(kept.facility_id), col(kept.region_id)).label("at"),
            membership.c.region_id.label("stood"),
        )
        .outerjoin(RegionModel, col(RegionModel.id) == col(kept.region_id))
        .outerjoin(place, col(place.id) == col(kept.facility_id))
        .outerjoin(membership, is_then)
        .where(
            col(kept.valid_from) <= on,
            or_(
                col(kept.layer) == "national",
                col(place.region_id) == region_id,
                col(kept.region_id).in_(once_theirs),
            ),
        )
    )


def _ready(plugins: PluginRegistry, slugs: Iterable[str]) -> list[Plugin]:
    return [plugins.plugin(slug) for slug in slugs if plugins.status(slug).state == "ready"]


def _of_plugin(plugin: Plugin, inherited: InheritedRows, own: list[StoredValue], on: date) -> list[Override]:
    try:
        here, above = merged(plugin, (*inherited, own), on), merged(plugin, (*inherited, []), on)
    except Refusal:
        # Values of an earlier version that cannot be carried over: the plugin is stopped there and says so itself.
        return []
    differing = []
    for field in fields_of(plugin.config):
        origin = here.origins.get(field.name)
        if origin is None or origin.layer != "facility" or field.name in secret_fields(plugin.config):
            continue
        mine, theirs = _value(plugin, field, here.values), _value(plugin, field, above.values)
        if mine != theirs:
            differing.append(Override(plugin.title, field.title, value_text(field, mine), value_text(field, theirs)))
    return differing


def _value(plugin: Plugin, field: FormField, values: Mapping[str, Any]) -> Any:
    """Returns a value as the model understands it, so that 5 and "5.000" kilos are the same; as it stands where it does
    not."""
    if field.name not in values:
        return field.default
    try:
        return _reader(plugin.config, field.name).validate_python(values[field.name])
    except ValidationError:
        return values[field.name]


@cache
def _reader(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    info = model.model_fields[name]
    annotation: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    return TypeAdapter(annotation)


def value_text(field: FormField, value: Any) -> Text:
    """Returns a value as staff read it: "5 keluarga", "Rp250.000", "Ya", "Beras 5 kg, Gula pasir 1 kg"."""
    if value is None or value in ("", ()):
        return _NOTHING
    if field.kind == "rupiah" and isinstance(value, int):
        return Text.same(format_rupiah(value))
    if field.kind == "integer" and isinstance(value, int):
        return with_unit(Text.same(group(value)), field.unit, value, field.zero)
    if field.kind == "yes":
        return Text(id="Ya", en="Yes") if value else Text(id="Tidak", en="No")
    if field.kind in ("choice", "choices"):
        return Text.join(", ", (dict(field.options).get(str(item), Text.same(str(item))) for item in _listed(value)))
    if field.kind == "lines":
        return Text.join(", ", (_line(item) for item in value))
    if isinstance(value, date):
        return Text.same(value)
    return with_unit(Text.join(", ", (Text.same(str(item)) for item in _listed(value))), field.unit, value)


def _line(line: Any) -> Text:
    """Returns a line of a table by its name, quantity and unit, as far as it has them."""
    known = line.model_dump() if isinstance(line, BaseModel) else dict(line)
    name, unit, quantity = (known.get(part) for part in ("name", "unit", "quantity"))
    if name is None:
        return Text.same(" ".join(str(value) for value in known.values() if value is not None))
    if quantity is None:
        return Text.same(str(name))
    return Text.join(" ", (name, Amount(quantity, unit or "")))


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value,)
