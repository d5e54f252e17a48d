"""All facilities of a region by programmes and funding sources, to read and to choose from."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub.access import http
from guyub.facilities.vocabulary import TYPES
from guyub.provisioning.pages.common import matrix_of, shown_of
from guyub.provisioning.pages.doing import ACTIONS
from guyub.sdk.errors import Forbidden
from guyub.sdk.text import Text

router = APIRouter(prefix="/region/{region}/configuration")


@router.get("")
def overview(request: Request, region: str) -> Response:
    with http.open_region(request, region) as (work, office):
        if not (work.may("facilities.configure") or work.may("reports.read")):
            raise Forbidden(
                "provisioning.overview",
                Text(
                    id="Ringkasan konfigurasi hanya untuk pembaca laporan dan pengatur UPT.",
                    en="The overview of configuration is for those who read reports or configure facilities.",
                ),
                Text(id="Minta administrator mengatur peran Anda.", en="Ask an administrator to set your roles."),
            )
        table = matrix_of(request, work, office, http.today(request, work))
        may_configure = work.may("facilities.configure")
    shown = shown_of(request.query_params)
    places = [line.place for line in table.lines]
    return http.render(
        request, work, "provisioning/overview.html", office=office, table=table, shown=shown,
        lines=[line for line in table.lines if shown.takes(line.place)], types=TYPES,
        known_types=sorted({one.facility_type for one in places}),
        known_classes=sorted({one.facility_class for one in places if one.facility_class}),
        may_configure=may_configure, actions=ACTIONS, problems={}, given={},
    )  # fmt: skip
