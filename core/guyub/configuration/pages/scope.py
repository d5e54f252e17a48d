"""Describes where a plugin is configured: at a facility, or for all facilities of a region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from fastapi import Request
from sqlalchemy import func, select
from sqlmodel import col

from guyub import http
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.management import region_is_by_web
from guyub.configuration.models import ConfigValue
from guyub.configuration.pages.common import names_in, plugin_url, plugins_url
from guyub.configuration.pages.config_view import ConfigView, view_of
from guyub.configuration.store import StoredValue, decides, rows_at, stored_at
from guyub.db.unit_of_work import Work
from guyub.facilities import queries as facilities
from guyub.facilities.editable import require_open, require_web
from guyub.facilities.refusals import FacilitiesRefusal
from guyub.http import OfficeWork, RegionInView
from guyub.sdk.plugin import Plugin


@dataclass(frozen=True, slots=True)
class ConfigScope:
    """Holds the place that is configured: ``name`` is what it is called; ``decides``: whether this reader may lock
    values there."""

    work: Work
    layer: Literal["region", "facility"]
    code: str
    name: str
    office: RegionInView | None
    decides: bool

    @property
    def facility(self) -> str:
        """Returns the code of the facility; "" for a region."""
        return self.code if self.office is None else ""

    @property
    def region(self) -> str:
        return self.code if self.office is not None else ""

    def url(self, slug: str) -> str:
        """Returns the plugin's page at this place."""
        return f"/region/{self.code}/plugins/{slug}/" if self.office is not None else plugin_url(self.work, slug)

    def require_open_for_change(self, on: date) -> None:
        """Raises ``Refusal`` where files say what holds here, and at a facility that is closed on that day."""
        if self.office is None:
            require_open(require_web(self.work), on)
        elif not self.region_is_by_web:
            raise FacilitiesRefusal.REGION_VALUES_MANAGED_BY_FILES.refusal(name=self.name)

    @property
    def region_is_by_web(self) -> bool:
        return region_is_by_web(self.work, self.code)

    @property
    def managed_by(self) -> str:
        if self.office is not None:
            return "web" if self.region_is_by_web else "files"
        return facilities.facility(self.work).managed_by

    def layers(self, slug: str, on: date) -> Sequence[Sequence[StoredValue]]:
        """Returns what is stored of a plugin that counts here on a day, from the nation down to this place."""
        if self.office is None:
            return stored_at(self.work, self.work.here.id, on).of(slug)
        rows = rows_at(self.work, slug, self.office.id)
        return rows.get(None, ()), rows.get(self.office.id, ())

    def view(self, request: Request, plugin: Plugin, on: date) -> ConfigView:
        protector = http.state(request).protector
        return view_of(plugin, self.name, self.layers(plugin.slug, on), on, protector, decides=self.decides)

    def sets(self, slug: str, field: str) -> bool:
        """Returns whether a value of the field is recorded at this place, for whatever day."""
        held, here = ConfigValue, self.office.id if self.office is not None else self.work.here.id
        statement = select(col(held.id)).where(
            col(held.layer) == self.layer,
            func.coalesce(col(held.region_id), col(held.facility_id)) == here,
            col(held.plugin) == slug,
            col(held.field) == field,
            col(held.value).is_not(None),
        )
        return self.work.scalar(statement.limit(1)) is not None

    @property
    def plugins_url(self) -> str:
        return f"/region/{self.code}/plugins" if self.office is not None else plugins_url(self.work)

    def names(self) -> dict[str, str]:
        """Returns the names of the place and of the facilities below a region, by code."""
        return {self.code: self.name} if self.office is None else names_in(self.work, self.office)

    def change(
        self, slug: str, values: Mapping[str, Any], on: date, reason: str, locked: frozenset[str]
    ) -> ChangeRequest:
        """Changes values here; what is not ``locked`` is not locked any more."""
        return ChangeRequest(
            slug,
            on,
            facilities=(self.facility,) if self.facility else (),
            region=self.region,
            values=values,
            locked=locked,
            unlocked=frozenset(values) - locked,
            reason=reason,
        )


def at_facility(work: Work) -> ConfigScope:
    """Returns the facility of the work, for everybody who works there."""
    return ConfigScope(work, "facility", work.here.code, work.here.name, None, decides(work, work.here.region))


def of_region(work: OfficeWork) -> ConfigScope:
    """Returns the region of the work. Raises ``Forbidden`` for those who may not configure."""
    work.require("facilities.configure")
    office = work.office
    return ConfigScope(work, "region", office.code, office.office_name, office, decides(work, office.code))
