"""Helpers that the pages of many facilities share: the host, the matrix in view, and what forms send."""

from collections.abc import Mapping, Sequence
from datetime import date

from fastapi import Request
from starlette.datastructures import FormData

from guyub import http
from guyub.configuration import plan_history
from guyub.configuration.activations import RegionFacility, region_facilities
from guyub.configuration.matrix import Matrix, MatrixFilter, MatrixRow, matrix
from guyub.configuration.plan_history import AppliedPlan
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.db.unit_of_work import Work
from guyub.http import Clock, RegionInView
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text

CONFIGURATION = Text(id="Konfigurasi UPT", en="Configuration of facilities")


def base_of(region: str) -> str:
    return f"/region/{region}/configuration"


def matrix_of(request: Request, work: Work, plugins: PluginRegistry, office: RegionInView, on: date) -> Matrix:
    return matrix(work, plugins, office.id, on, http.state(request).protector)


def shown_of(sent: Mapping[str, object]) -> MatrixFilter:
    """Returns the filter, from an address or a form."""

    def word(name: str) -> str:
        value = sent.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    return MatrixFilter(word("type"), word("class"), word("q"), word("standing"))


def lines_shown(table: Matrix, shown: MatrixFilter) -> list[MatrixRow]:
    return [line for line in table.lines if shown.takes(line.place) and line.stands(shown.standing)]


def selected_facilities(
    request: Request, work: Work, plugins: PluginRegistry, clock: Clock, office: RegionInView, form: FormData
) -> list[RegionFacility]:
    """Returns the facilities that a form names, or all that its filter shows; codes that are not of this region are
    nobody's.

    Raises ``Invalid`` (field ``facility``) where that is none.
    """
    today, shown = clock.today(work), shown_of(form)
    named = {str(code) for code in form.getlist("facility")}
    if form.get("everyone") and shown.standing:
        selected = [line.place for line in lines_shown(matrix_of(request, work, plugins, office, today), shown)]
    else:
        places = region_facilities(work, office.id, today)
        selected = [place for place in places if (shown.takes(place) if form.get("everyone") else place.code in named)]
    if not selected:
        raise ConfigurationRefusal.NO_FACILITY_TICKED.invalid("facility")
    return selected


def place_called(code: str, places: Sequence[RegionFacility], office: RegionInView) -> RegionFacility | None:
    """Returns the place of a code; None without one. Raises ``NotFound`` for one that is none of ``places``, the
    facilities of the region."""
    if not code:
        return None
    place = next((place for place in places if place.code == code), None)
    if place is None:
        raise ConfigurationRefusal.NO_SUCH_FACILITY.not_found(code=code, office=office.office_name)
    return place


def why_not(place: RegionFacility) -> Text | None:
    """Returns why a facility cannot be changed here; None where it can."""
    if place.closed_on is not None:
        return _CLOSED
    return _BY_FILES if place.managed_by == "files" else None


def applied_before(work: Work, digest: str) -> AppliedPlan | None:
    """Returns what a form sent again was applied as already."""
    return plan_history.applied_as(work, digest) if digest else None


_CLOSED = Text(id="UPT ini sudah ditutup.", en="This facility is closed.")
_BY_FILES = Text(
    id="Dikelola melalui berkas: ubah berkasnya, atau alihkan dahulu ke pengelolaan melalui web.",
    en="Managed through files: change its file, or hand it over to the web first.",
)
