"""What is active and affected stands on the pages of one plugin as in the plan for many: open months, promised money, funds."""

from collections.abc import Iterator
from typing import Any

import pytest

from guyub.app import create_app
from tests import places, worlds
from tests.visits import NewVisitor, Visitor, text_of, visitors
from tests.worlds import PEKALONGAN

from .conftest import MORNING
from .test_configuration_of_a_region import WHY, fields_of

PLUGINS = f"/f/{PEKALONGAN}/plugins"
OPEN = "Rutan Kelas IIA Pekalongan: Bansos sembako bulan November 2024 masih terbuka"
PROMISED = "sudah dicadangkan untuk Bansos sembako bulan November 2024."


@pytest.fixture(scope="module")
def november(cluster: Any) -> Iterator[Any]:
    with worlds.a_world(cluster, until="approved") as made:
        places.managed_by(made.database, "web", PEKALONGAN)
        yield made


@pytest.fixture
def visitor(november: Any) -> Iterator[NewVisitor]:
    application = create_app(
        november.database, november.plugins, protector=november.plugins.protector, clock=lambda: MORNING
    )
    with visitors(application, november.database) as come:
        yield come


@pytest.mark.parametrize("path", [f"{PLUGINS}/bansos/configure", "/region/jawa-tengah/plugins/bansos/configure"])
def test_a_change_of_values_tells_the_open_month_and_what_is_promised(kanwil: Visitor, path: str):
    kanwil.opens(path)
    said = text_of(kanwil.sends(path, fields_of(kanwil) | WHY | {"survey_required": []}))
    month = OPEN.partition(": ")[2]
    assert (
        f"{month}: daftar dan isi bantuannya sudah disetujui dan tidak berubah. Perubahan berlaku mulai bulan Desember 2024."
        " Rutan" in said
    )
    assert PROMISED in said


def test_switching_a_programme_off_tells_them_before_it_is_confirmed(kanwil: Visitor):
    said = kanwil.reads(f"{PLUGINS}/bansos/deactivate")
    assert f"{OPEN}; selesaikan atau batalkan sebelum dinonaktifkan." in said
    assert PROMISED in said


def test_switching_a_source_off_tells_each_fund_that_keeps_money(kanwil: Visitor):
    said = kanwil.reads(f"{PLUGINS}/csr_funding/deactivate")
    assert "masih berisi Rp400.000; uangnya tetap dapat dipakai, tetapi tidak ada penerimaan baru." in said


def test_switching_on_concerns_nothing(kanwil: Visitor):
    assert "Yang sedang berjalan" not in kanwil.reads(f"{PLUGINS}/bansos/activate")
