"""Where a plugin is configured: at a facility, or for all facilities of a region."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from fastapi import Request

from guyub import http
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.pages.common import names_in, plugin_url, plugins_url
from guyub.configuration.pages.config_view import ConfigView, view_of
from guyub.configuration.store import decides, rows_at, stored_at
from guyub.db.unit_of_work import Work
from guyub.facilities.editable import require_open, require_web
from guyub.facilities.refusals import FacilitiesRefusal
from guyub.http import OfficeWork, RegionInView
from guyub.sdk.plugin import Plugin


@dataclass(frozen=True, slots=True)
class ConfigScope:
    """``name`` is what the place is called; ``decides``: whether this reader may lock values there."""

    work: Work
    layer: Literal["region", "facility"]
    code: str
    name: str
    office: RegionInView | None
    decides: bool

    def url(self, slug: str) -> str:
        """The plugin's page at this place."""
        return f"/region/{self.code}/plugins/{slug}/" if self.office is not None else plugin_url(self.work, slug)

    def demand_open(self, on: date) -> None:
        """Raises ``Refusal`` where files say what holds here, and at a facility that is closed on that day."""
        if self.office is None:
            require_open(require_web(self.work), on)
        elif not self.region_is_by_web:
            raise FacilitiesRefusal.REGION_VALUES_MANAGED_BY_FILES.refusal(name=self.name)

    @property
    def region_is_by_web(self) -> bool:
        held = self.work.run("SELECT managed_by FROM guyub.region WHERE code = :code", code=self.code).scalar_one()
        return bool(held == "web")

    def view(self, request: Request, plugin: Plugin, on: date) -> ConfigView:
        protector = http.state(request).protector
        if self.office is None:
            stored = stored_at(self.work, self.work.here.id, on)
            layers = stored.of(plugin.slug)
        else:
            rows = rows_at(self.work, plugin.slug, self.office.id)
            layers = (rows.get(None, ()), rows.get(self.office.id, ()))
        return view_of(plugin, self.name, layers, on, protector, decides=self.decides)

    def sets(self, slug: str, field: str) -> bool:
        """Whether a value of the field is recorded at this place, for whatever day."""
        found = self.work.run(
            """SELECT EXISTS (SELECT FROM guyub.config_value v LEFT JOIN guyub.region g ON g.id = v.region_id
                              LEFT JOIN guyub.facility f ON f.id = v.facility_id
                              WHERE v.layer = :layer AND COALESCE(g.code, f.code) = :code AND v.plugin = :plugin
                                AND v.field = :field AND v.value IS NOT NULL)""",
            layer=self.layer,
            code=self.code,
            plugin=slug,
            field=field,
        ).scalar_one()
        return bool(found)

    @property
    def plugins_url(self) -> str:
        return f"/region/{self.code}/plugins" if self.office is not None else plugins_url(self.work)

    def names(self) -> dict[str, str]:
        """Of the place, and of the facilities below a region, by code."""
        return {self.code: self.name} if self.office is None else names_in(self.work, self.office)

    def change(self, slug: str, values: dict[str, Any], on: date, reason: str, locked: frozenset[str]) -> ChangeRequest:
        """What is not ``locked`` is not locked any more."""
        return ChangeRequest(
            slug,
            on,
            facilities=() if self.office is not None else (self.code,),
            region=self.code if self.office is not None else "",
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
