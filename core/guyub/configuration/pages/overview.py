"""All facilities of a region by programmes and funding sources, to read and to choose from."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.configuration.many_tables import matrix
from guyub.configuration.matrix import Matrix, counted
from guyub.configuration.pages.bulk_actions import ACTIONS
from guyub.configuration.pages.region_common import lines_shown, matrix_of, shown_of
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.db.unit_of_work import Work
from guyub.facilities.labels import TYPES
from guyub.http import Clock, OfficeWork, RegionInView, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter(prefix="/region/{region}/configuration")


@router.get("")
def overview(request: Request, work: RegionWork, plugins: Plugins, clock: Clock) -> Response:
    office = work.office
    if not (work.may("facilities.configure") or work.may("reports.read")):
        raise ConfigurationRefusal.OVERVIEW.forbidden()
    table = matrix_of(request, work, plugins, office, clock.today(work))
    may_configure = work.may("facilities.configure")
    return _page(request, work, office, table, request.query_params, may_configure=may_configure)


def asked_again(
    request: Request,
    work: OfficeWork,
    plugins: PluginRegistry,
    clock: Clock,
    form: Mapping[str, object],
    ticked: Sequence[str],
    why: Invalid,
) -> Response:
    """Shows the same page with what was ticked and selected, and what is missing."""
    office = work.office
    work.require("facilities.configure")
    table = matrix_of(request, work, plugins, office, clock.today(work))
    return _page(request, work, office, table, form, may_configure=True, ticked=ticked, why=why)


def _page(
    request: Request,
    work: Work,
    office: RegionInView,
    table: Matrix,
    typed: Mapping[str, object],
    *,
    may_configure: bool,
    ticked: Sequence[str] = (),
    why: Invalid | None = None,
) -> Response:
    shown = shown_of(typed)
    lines = lines_shown(table, shown)
    places = [line.place for line in table.lines]
    return http.render(
        request,
        work,
        "configuration/overview.html",
        status=422 if why else 200,
        office=office,
        table=table,
        shown=shown,
        lines=lines,
        matrix=matrix(table.columns, lines),
        counted=counted(table.columns, lines),
        types=TYPES,
        standings=_STANDINGS,
        known_types=sorted({place.facility_type for place in places}),
        known_classes=sorted({place.facility_class for place in places if place.facility_class}),
        may_configure=may_configure,
        actions=ACTIONS,
        problems=by_field([why] if why else []),
        typed=typed,
        ticked=frozenset(ticked),
    )


_STANDINGS = {
    "active": Text(id="Ada yang aktif", en="Something is active"),
    "planned": Text(id="Ada yang direncanakan", en="Something is planned"),
    "warnings": Text(id="Ada peringatan", en="With warnings"),
    "none": Text(id="Tidak ada yang aktif", en="Nothing is active"),
}
