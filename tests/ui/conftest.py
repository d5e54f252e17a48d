"""A page of a reader at Pekalongan, without a database behind it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from guyub.db.work import FacilityInScope, Named
from guyub.sdk.text import Text
from guyub.ui.render import Flash, NavItem, PageContext

HERE = "/f/rutan-pekalongan"
RUTAN = FacilityInScope(UUID(int=1), "rutan-pekalongan", "Rutan Kelas IIA Pekalongan", "Asia/Jakarta", "jawa-tengah")
MENU = (
    NavItem(Text(id="Bulan ini", en="This month"), f"{HERE}/", "home", exact=True),
    NavItem(Text(id="Keluarga", en="Households"), f"{HERE}/households", "users"),
)

APage = Callable[..., PageContext]


@pytest.fixture
def a_page() -> APage:
    """``a_page("en", path=...)``: what a page knows on the day of the distribution."""

    def make(lang: str = "id", **given: object) -> PageContext:
        known: dict[str, object] = {
            "path": f"{HERE}/households/new",
            "here": f"{HERE}/households/new?from=list",
            "csrf_token": "tanda-contoh",
            "now": datetime(2024, 11, 16, 9, tzinfo=ZoneInfo("Asia/Jakarta")),
            "reader": "Kasubsi Contoh Satu",
            "login": "kasubsi",
            "facility": RUTAN,
            "facilities": (Named("rutan-pekalongan", RUTAN.name), Named("rutan-demak", "Rutan Kelas IIB Demak")),
            "permissions": frozenset({"registry.read"}),
            "navigation": MENU,
            "flash": Flash("success", Text(id="Keluarga terdaftar.", en="The household is registered.")),
            "banner": Text(id="Peragaan: data contoh.", en="Demonstration: sample data."),
        }
        return PageContext(lang=lang, **{**known, **given})  # type: ignore[arg-type]

    return make
