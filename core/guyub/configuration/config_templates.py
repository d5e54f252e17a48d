"""Templates of configuration ("small rutan", "large lapas"): values of plugins with a name, of a region or of the nation.

A template is copied where it is applied; changing it later changes no facility.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guyub.access import audit
from guyub.access.audit import AuditEntry
from guyub.configuration.effective import shown
from guyub.configuration.merge import merged
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.configuration.secret_values import secret_fields
from guyub.configuration.store import stored_at
from guyub.db import limits
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid, NotFound, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import EMPTY

TemplateValues = Mapping[str, Mapping[str, Any]]
"""By plugin and field, as JSON; never a secret."""


@dataclass(frozen=True, slots=True)
class ConfigTemplate:
    """``is_national``: kept by the nation for all regions."""

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
    """Those that a region may use, by name, its own before the nation's; one query."""
    rows = work.run(
        """SELECT id, name, note, plugin_values, region_id IS NULL AS is_national, recorded_at, actor FROM (
               SELECT DISTINCT ON (c.region_id, c.name) c.* FROM guyub.config_template c
               WHERE c.region_id IS NULL OR c.region_id = :region
               ORDER BY c.region_id, c.name, c.seq DESC) newest
           WHERE NOT retired ORDER BY lower(name), is_national""",
        region=region_id,
    )
    return [ConfigTemplate(*row) for row in rows]


def template(work: Work, region_id: UUID, id: str) -> ConfigTemplate:
    """Raises ``NotFound``, and ``Replaced`` for a version that is no longer the newest."""
    known = templates(work, region_id)
    found = next((template for template in known if str(template.id) == id), None)
    if found is None:
        newer = _newer(work, known, region_id, id)
        if newer is not None:
            raise Replaced(newer)
        raise NotFound(
            "configuration.unknown_template",
            Text(id="Templat itu tidak ada lagi.", en="There is no such template any more."),
            Text(id="Pilih dari daftar templat.", en="Choose from the list of templates."),
        )
    return found


class Replaced(Refusal):
    """A version of a template that was asked for, while ``newest`` is what counts now."""

    def __init__(self, newest: ConfigTemplate) -> None:
        self.newest = newest
        super().__init__(
            "configuration.template_replaced",
            Text(
                id="Templat “{name}” sudah diubah oleh {who}; isian Anda belum disimpan.",
                en="The template “{name}” was changed by {who}; what you entered is not saved.",
            ).format(name=newest.name, who=newest.actor or "–"),
            Text(id="Inilah versi terbarunya; ubah di sini.", en="This is its newest version; change it here."),
        )


def _newer(work: Work, known: Sequence[ConfigTemplate], region_id: UUID, id: str) -> ConfigTemplate | None:
    """The template that is of the same name and keeper as a former version."""
    former = work.run(
        """SELECT name, region_id IS NULL AS is_national FROM guyub.config_template
           WHERE id::text = :id AND (region_id IS NULL OR region_id = :region)""",
        id=id,
        region=region_id,
    ).one_or_none()
    if former is None:
        return None
    return next((template for template in known if (template.name, template.is_national) == tuple(former)), None)


def decides_nation(work: Work) -> bool:
    """Whether the actor keeps templates for all regions; one query."""
    return bool(work.run("SELECT guyub.may_configure(NULL, NULL)").scalar_one())


def keep(work: Work, region_id: UUID | None, name: str, note: str, values: TemplateValues) -> None:
    """Records a version of the template of that name, of a region or (None) for all. Raises ``Invalid`` without a name or
    without values, ``Forbidden`` for who does not configure that region, or the nation."""
    work.require("facilities.configure")
    name = " ".join(name.split())
    if not name:
        raise Invalid("configuration.template_name", *EMPTY, "name")
    if said := limits.too_long(name, _MOST_NAME):
        raise Invalid("configuration.template_name", *said, "name")
    if not any(values.values()):
        raise Invalid("configuration.template_values", _NOTHING, _CHOOSE, "values")
    if said := limits.too_long(note.strip(), _MOST_NOTE):
        raise Invalid("configuration.template_note", *said, "note")
    _demand_own_name(work, region_id, name)
    _record(work, region_id, name, note.strip(), values, retired=False)


def _demand_own_name(work: Work, region_id: UUID | None, name: str) -> None:
    """Raises ``Invalid`` for a name that another template of the same keeper has but for its capitals; the database refuses
    the same."""
    known = (
        work.run(
            """SELECT name FROM (SELECT DISTINCT ON (name) name, retired FROM guyub.config_template
                             WHERE region_id IS NOT DISTINCT FROM :region ORDER BY name, seq DESC) newest
           WHERE NOT retired AND lower(name) = lower(:name) AND name <> :name""",
            region=region_id,
            name=name,
        )
        .scalars()
        .first()
    )
    if known is not None:
        raise ConfigurationRefusal.TEMPLATE_OF_THAT_NAME.invalid("name", name=known)


def retire(work: Work, region_id: UUID, found: ConfigTemplate) -> None:
    """Takes a template off the list; what was applied stays. The nation's are not a region's to take off."""
    work.require("facilities.configure")
    if found.is_national and not decides_nation(work):
        raise Invalid("configuration.national_template", _OF_THE_NATION, _OWN_NAME)
    _record(work, None if found.is_national else region_id, found.name, found.note, found.values, retired=True)


def _record(work: Work, region_id: UUID | None, name: str, note: str, values: TemplateValues, *, retired: bool) -> None:
    work.run(
        """INSERT INTO guyub.config_template (region_id, name, note, plugin_values, retired)
           VALUES (:region, :name, :note, CAST(:values AS jsonb), :retired)""",
        region=region_id,
        name=name,
        note=note,
        values=json.dumps(values),
        retired=retired,
    )
    chains = work.run(
        """SELECT f.id FROM guyub.facility f WHERE f.id = ANY ((SELECT guyub.scope())::uuid[])
             AND (CAST(:region AS uuid) IS NULL OR f.region_id = :region)""",
        region=region_id,
    ).scalars()
    action = "facilities.template_retired" if retired else "facilities.template"
    details = {"plugins": sorted(values)}
    audit.record_many(work, [AuditEntry(chain, action, name, details) for chain in chains])


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """What a facility has: ``values`` in effect, and as "plugin.field" those that it has set itself."""

    values: TemplateValues
    own: frozenset[str]


def values_at(work: Work, plugins: PluginRegistry, facility_id: UUID, on: date) -> TemplateSource:
    """Of the plugins that run there, but for secrets and what a layer above locks. Two queries."""
    stored = stored_at(work, facility_id, on)
    found: dict[str, dict[str, Any]] = {}
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
        found[slug] = {name: value for name, value in values.items() if value is not None}
        own |= {
            f"{slug}.{name}"
            for name, origin in state.origins.items()
            if origin.layer == "facility" and name in found[slug]
        }
    return TemplateSource(found, frozenset(own))


_MOST_NAME, _MOST_NOTE = 60, 300
_NOTHING = Text(id="Templat ini tidak berisi nilai apa pun.", en="This template holds no value.")
_CHOOSE = Text(id="Pilih sedikitnya satu isian.", en="Choose at least one field.")
_OF_THE_NATION = Text(id="Templat ini milik pusat.", en="This template is the nation's.")
_OWN_NAME = Text(id="Buat templat wilayah dengan nama sendiri.", en="Make one of your region with a name of its own.")
